import type { SniRouteEntry } from './entries.ts';
import { SNI_ROUTE_KEY_SIZE, writeSniRouteKey } from './generated/abi.ts';

/** As Linux numbers them. */
const AF_INET = 2;
const AF_INET6 = 10;

/** The IP version that a number of Linux means. */
export function familyOf(number: number): 4 | 6 {
  return number === AF_INET6 ? 6 : 4;
}

/** The key of an SNI route in the kernel. */
export function sniRouteKey(entry: Omit<SniRouteEntry, 'poolId'>): Buffer {
  const key = Buffer.alloc(SNI_ROUTE_KEY_SIZE);
  const family = entry.family === 6 ? AF_INET6 : AF_INET;
  writeSniRouteKey({ name: entry.nameHash, proxy: entry.proxyId, family }, key);
  return key;
}
