/** Where a packet goes after its rewrite. */
import type { Fib } from './fib.ts';
import type { Packet } from './packet.ts';
import type { Half, Hop } from './tables.ts';

/** What routing needs to know of a flow, or of the outer packet of an ICMP error. */
export type Routed = Pick<Half, 'direction' | 'snat' | 'local' | 'out'>;

/**
 * What to do: send to a known neighbour; let the kernel find the neighbour; give the rewritten packet to the kernel;
 * leave it to the kernel and to tc_egress; drop it.
 */
export type Route =
  | { readonly kind: 'redirect'; readonly hop: Hop; readonly remembered: boolean }
  | { readonly kind: 'resolve'; readonly ifindex: number }
  | { readonly kind: 'stack' }
  | { readonly kind: 'egress'; readonly reason: string }
  | { readonly kind: 'drop'; readonly reason: string; readonly mtu?: number };

/** What routing needs of its surroundings. */
export interface RouteContext {
  readonly fib: Fib;
  readonly ifindex: number;
  readonly now: number;
}

/** Asks the kernel's tables. */
export function findRoute(context: RouteContext, packet: Packet, routed: Routed, length: number): Route {
  if (routed.local && routed.direction === 'forward') return { kind: 'stack' };
  const { source, destination } = routed.out;
  const answer = context.fib({ ifindex: context.ifindex, source, destination, length });
  if (answer.kind === 'forwarding_disabled') {
    return { kind: 'drop', reason: 'dropped_forwarding_disabled' };
  }
  if (answer.kind === 'no_route') return byStack(routed, 'dropped_no_route');
  if (answer.kind === 'too_big') return byStack(routed, 'dropped_too_big', answer.mtu);
  if (packet.ttl <= 1) return byStack(routed, 'dropped_ttl_expired');
  const { ifindex, mtu, macs } = answer;
  if (!macs) return { kind: 'resolve', ifindex };
  const hop = { epoch: context.now, ifindex, destinationMac: macs.destination, sourceMac: macs.source, mtu };
  return { kind: 'redirect', hop, remembered: false };
}

/** The same for a packet of a flow, which remembers its next hop until the epoch ends. */
export function routeFlow(context: RouteContext, packet: Packet, half: Half, length: number): Route {
  const { hop } = half;
  if (hop && hop.epoch === context.now && length <= hop.mtu && packet.ttl > 1) {
    return { kind: 'redirect', hop, remembered: true };
  }
  const route = findRoute(context, packet, half, length);
  half.hop = route.kind === 'redirect' ? route.hop : undefined;
  return route;
}

/**
 * The kernel's stack must take over. It drops what carries one of its own addresses as source: so replies go up
 * untouched, and packets of snat, which have the host's address on either side, not at all.
 */
function byStack(routed: Routed, reason: string, mtu?: number): Route {
  if (routed.snat) return { kind: 'drop', reason, ...(mtu === undefined ? {} : { mtu }) };
  return routed.direction === 'forward' ? { kind: 'stack' } : { kind: 'egress', reason };
}
