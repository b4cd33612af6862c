import ipaddr from 'ipaddr.js';
import { nativeSockets } from './native-sockets.ts';

/** `AF_INET` and `AF_INET6` of socket.h. */
const ADDRESS_FAMILY = { ipv4: 2, ipv6: 10 } as const;

/** Where a socket connects to. */
export interface SocketAddress {
  readonly domain: number;
  /** `sockaddr_in` or `sockaddr_in6`. */
  readonly bytes: Uint8Array;
}

/** Bytes of `sockaddr_in`, and where its address is. */
const V4 = { size: 16, address: 4 };
/** Bytes of `sockaddr_in6`, and where its address and scope are. */
const V6 = { size: 28, address: 8, scope: 24 };
const PORT_AT = 2;

/**
 * An IPv4 or IPv6 address, the latter with or without a zone (`fe80::1%eth0`), as the kernel takes it.
 * @throws Error when `ip` is not an address
 */
export function socketAddress(ip: string, port: number): SocketAddress {
  const address = ipaddr.parse(ip);
  const isV6 = address instanceof ipaddr.IPv6;
  const bytes = Buffer.alloc(isV6 ? V6.size : V4.size);
  const domain = isV6 ? ADDRESS_FAMILY.ipv6 : ADDRESS_FAMILY.ipv4;
  bytes.set(new Uint8Array(Uint16Array.of(domain).buffer));
  bytes.writeUInt16BE(port, PORT_AT);
  bytes.set(address.toByteArray(), isV6 ? V6.address : V4.address);
  if (isV6 && address.zoneId !== undefined) {
    bytes.set(new Uint8Array(Uint32Array.of(zoneIndex(address.zoneId)).buffer), V6.scope);
  }
  return { domain, bytes };
}

function zoneIndex(zone: string): number {
  return /^\d+$/.test(zone) ? Number(zone) : nativeSockets().interfaceIndex(zone);
}
