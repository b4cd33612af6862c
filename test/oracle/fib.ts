/** The kernel's forwarding decision, from the routes and neighbours of the world. */
import { WORLD } from '../engines/index.ts';
import { addressHex, holds, isV4, macHex, type Prefix, prefixOf } from './address.ts';

/** What to ask: the packet after its rewrite, and where it came in. */
export interface Question {
  readonly ifindex: number;
  readonly source: string;
  readonly destination: string;
  /** Length of the longest IP packet on the wire. */
  readonly length: number;
}

/** The kernel's answer. MAC addresses are absent when the neighbour is not resolved. */
export type Answer =
  | { readonly kind: 'forwarding_disabled' }
  | { readonly kind: 'no_route' }
  | { readonly kind: 'too_big'; readonly mtu: number }
  | {
      readonly kind: 'forward';
      readonly ifindex: number;
      readonly mtu: number;
      readonly macs?: { readonly destination: string; readonly source: string };
    };

interface Route {
  readonly prefix: Prefix;
  readonly interface?: string;
  readonly via?: string;
}

/** Answers questions. */
export type Fib = (question: Question) => Answer;

/** The tables of {@link WORLD}. */
export function createFib(): Fib {
  const routes = worldRoutes();
  const own = new Set(WORLD.interfaces.flatMap(({ addresses }) => addresses.map(addressOf)));
  const neighbours = new Map<string, string>(
    WORLD.neighbours.map((row) => [`${row.interface} ${addressHex(row.address)}`, macHex(row.mac)]),
  );
  return ({ ifindex, source, destination, length }) => {
    if (isLinkOnly(source) || isLinkOnly(destination)) return { kind: 'no_route' };
    const from = WORLD.interfaces.find((candidate) => candidate.ifindex === ifindex);
    if (!from) return { kind: 'no_route' };
    if (!from.forwarding) return { kind: 'forwarding_disabled' };
    const route = own.has(destination) ? undefined : bestRoute(routes, destination);
    const to = WORLD.interfaces.find(({ name }) => name === route?.interface);
    if (!to) return { kind: 'no_route' };
    if (length > to.mtu) return { kind: 'too_big', mtu: to.mtu };
    const mac = neighbours.get(`${to.name} ${route?.via ?? destination}`);
    const macs = mac === undefined ? {} : { macs: { destination: mac, source: macHex(to.mac) } };
    return { kind: 'forward', ifindex: to.ifindex, mtu: to.mtu, ...macs };
  };
}

function worldRoutes(): readonly Route[] {
  return [
    ...WORLD.interfaces.flatMap(({ name, addresses }) =>
      addresses.map((address) => ({ prefix: prefixOf(address), interface: name })),
    ),
    ...WORLD.routes.map((row) => ({
      prefix: prefixOf(row.prefix),
      interface: row.interface,
      via: addressHex(row.via),
    })),
    ...WORLD.unreachable.map((prefix) => ({ prefix: prefixOf(prefix) })),
  ];
}

function bestRoute(routes: readonly Route[], destination: string): Route | undefined {
  const matching = routes.filter(({ prefix }) => holds(prefix, destination));
  const longest = Math.max(...matching.map(({ prefix }) => prefix.length));
  return matching.find(({ prefix }) => prefix.length === longest);
}

/** IPv6 addresses that are never forwarded: of a link, loopback, groups. */
function isLinkOnly(address: string): boolean {
  return !isV4(address) && /^(ff|fe[89ab]|0{31}1$)/.test(address);
}

function addressOf(withPrefix: string): string {
  return addressHex(withPrefix.split('/')[0] ?? '');
}
