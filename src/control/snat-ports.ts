import type { PortRange } from '../host/index.ts';

const FIRST_PORT = 1024;
const LAST_PORT = 65_535;

/**
 * The ports that snat mode gives to clients: the larger of the two ranges that the host itself does not use for its
 * outgoing connections, which would be taken for flows otherwise.
 */
export function snatPorts(local: PortRange): { readonly first: number; readonly count: number } {
  const below = { first: FIRST_PORT, count: Math.max(0, local.first - FIRST_PORT) };
  const firstAbove = Math.max(FIRST_PORT, local.last + 1);
  const above = { first: firstAbove, count: LAST_PORT - firstAbove + 1 };
  const larger = below.count >= above.count ? below : above;
  return larger.count > 0 ? larger : { first: FIRST_PORT, count: LAST_PORT - FIRST_PORT + 1 };
}
