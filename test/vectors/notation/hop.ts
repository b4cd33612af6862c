import { isIPv6 } from 'node:net';
import { type HopRow, WORLD } from '../../engines/index.ts';

/** The interface of this name. @throws SyntaxError when the world has none */
export function interfaceNamed(name: string) {
  const found = WORLD.interfaces.find((each) => each.name === name);
  if (found) return found;
  const known = WORLD.interfaces.map((each) => each.name).join(', ');
  throw new SyntaxError(`the world has no interface '${name}' (it has: ${known})`);
}

/** MAC addresses on the way to a permanent neighbour. @throws SyntaxError when there is no such neighbour */
export function macsTowards(address: string) {
  const neighbour = WORLD.neighbours.find((each) => each.address === address);
  if (!neighbour) throw new SyntaxError(`the world has no neighbour ${address}`);
  const device = interfaceNamed(neighbour.interface);
  return { device, destination: neighbour.mac, source: device.mac };
}

/**
 * Reads a remembered next hop: `fresh 10.2.0.2` (asked in this epoch), `stale 10.2.0.2` (in the last one), with
 * `mtu 1400` for another MTU than the interface's; `none`. The address is a neighbour of the world.
 * @throws SyntaxError
 */
export function parseHop(text: string): HopRow {
  if (text === 'none') return { kind: 'none' };
  const match = /^(?<kind>fresh|stale) (?<address>\S+)(?: mtu (?<mtu>\d+))?$/.exec(text);
  const { kind, address = '', mtu } = match?.groups ?? {};
  if (kind !== 'fresh' && kind !== 'stale') {
    throw new SyntaxError(
      `'${text}' is no next hop: write 'none', 'fresh 10.2.0.2' or 'stale 10.2.0.2 mtu 1400'`,
    );
  }
  const { device, destination, source } = macsTowards(address);
  return {
    kind,
    ifindex: device.ifindex,
    destinationMac: destination,
    sourceMac: source,
    mtu: mtu === undefined ? device.mtu : Number(mtu),
  };
}

/** Whether an address is of IPv6. */
export function isWide(address: string): boolean {
  return isIPv6(address);
}
