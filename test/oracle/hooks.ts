/** The three packet programs. */
import { WORLD } from '../engines/index.ts';
import { account, type Size } from './account.ts';
import { macHex } from './address.ts';
import { hexOf } from './bytes.ts';
import type { Context, Result } from './context.ts';
import { decideEgress, decideIngress, type Ours } from './decide.ts';
import type { Fib } from './fib.ts';
import { forgetFragment, learnFragment, resolveFragment } from './fragments.ts';
import { translateError } from './icmp.ts';
import { bindLate } from './late/late.ts';
import type { Packet } from './packet.ts';
import { isPacket, type Left, parseFrame } from './parse.ts';
import { rewritten, setMacs } from './rewrite.ts';
import { findRoute, routeFlow } from './route.ts';
import { mustBeTold, tooBigAnswer } from './too-big.ts';

/** At TC so many bytes are made readable, however the packet lies in memory. */
const PULLED = 256;

/** XDP: whole TCP and UDP packets whose next hop is known. All else that may be ours it leaves to tc_ingress. */
export function xdpIngress(context: Context, fib: Fib): Result {
  const { frame, ifindex } = context.input;
  const packet = parseFrame(frame, { readable: frame.length, gso: false });
  if (!isPacket(packet)) return pass(packet.left);
  const isWholeFlowPacket = packet.protocol !== 'icmp' && packet.part === 'whole';
  if (!isWholeFlowPacket || !isForUs(context)) return pass('passed_to_tc');
  const decision = decideIngress(context, packet);
  if (!decision.half) return withoutFlow(decision.reason);
  // Of flows that were bound late only SACK has options, which is rare.
  if (decision.half.late && packet.l4HeaderLength > 20) return pass('passed_to_tc');
  if (wantsConfirmation(context, decision)) return pass('passed_to_tc');
  const length = packet.end - packet.l3;
  const route = routeFlow({ fib, ifindex, now: context.now }, packet, decision.half, length);
  if (route.kind !== 'redirect' || !mayRedirect(route.hop.ifindex)) return pass('passed_to_tc');
  account(context, packet, decision, { packets: 1, bytes: length });
  const after = rewritten(packet, { ...decision.half, ttlStep: 1, partial: false });
  setMacs(after, route.hop.destinationMac, route.hop.sourceMac);
  return redirect(decision.reason, after, route.hop.ifindex, false);
}

/** TC, coming in: everything. */
export function tcIngress(context: Context, fib: Fib): Result {
  if (!isForUs(context)) return pass('passed_other_host');
  const packet = parseSkb(context);
  if (!isPacket(packet)) return pass(packet.left);
  if (packet.protocol === 'icmp') return forwardError(context, packet, fib);
  const decision = decideIngress(context, packet);
  if (decision.reason === 'passed_to_tc') return bindLate(context, packet, fib, forward);
  if (!decision.half) {
    forgetFragment(context, packet);
    return withoutFlow(decision.reason);
  }
  learnFragment(context, packet);
  return forward(context, packet, decision, fib);
}

/** TC, going out: the replies of targets on this host, and of those whose packets did not come in through us. */
export function tcEgress(context: Context, fib: Fib): Result {
  const packet = parseSkb(context);
  if (!isPacket(packet)) return pass(packet.left);
  if (packet.protocol === 'icmp') {
    const translation = translateError(context.tables, packet, readableOf(context));
    return 'left' in translation
      ? pass(translation.left)
      : { verdict: 'pass', reason: 'forwarded_icmp_error', frame: translation.frame(0) };
  }
  const decision = decideEgress(context, packet);
  if (decision.reason === 'passed_to_tc') return bindLate(context, packet, fib, leave);
  if (!decision.half) {
    forgetFragment(context, packet);
    return withoutFlow(decision.reason);
  }
  learnFragment(context, packet);
  return leave(context, packet, decision, fib);
}

/** Out: a reply with other addresses. What has become a packet for a target instead goes its way, or back in for one on this host. */
function leave(context: Context, packet: Packet, decision: Ours, fib: Fib): Result {
  const { partialChecksum: partial = false, ifindex } = context.input;
  if (decision.half.direction === 'forward') {
    const result = forward(context, packet, decision, fib);
    const isForThisHost = result.verdict === 'pass' && result.frame !== undefined;
    return isForThisHost ? redirect(result.reason, result.frame, ifindex, false) : result;
  }
  account(context, packet, decision, sizeOnWire(context, packet));
  const frame = rewritten(packet, { ...decision.half, ttlStep: 0, partial });
  return { verdict: 'pass', reason: reasonFor(packet, decision), frame };
}

function forward(context: Context, packet: Packet, decision: Ours, fib: Fib): Result {
  const { ifindex, partialChecksum: partial = false } = context.input;
  const { half } = decision;
  const route = routeFlow({ fib, ifindex, now: context.now }, packet, half, longestOnWire(context, packet));
  if (route.kind === 'egress') return pass('passed_to_egress');
  if (route.kind === 'drop') {
    return route.mtu !== undefined && mustBeTold(packet)
      ? redirect('forwarded_too_big', tooBigAnswer(packet, route.mtu), ifindex, false)
      : { verdict: 'drop', reason: route.reason };
  }
  account(context, packet, decision, sizeOnWire(context, packet));
  const frame = rewritten(packet, { ...half, ttlStep: route.kind === 'stack' ? 0 : 1, partial });
  const reason = reasonFor(packet, decision);
  if (route.kind === 'stack') return { verdict: 'pass', reason, frame };
  if (route.kind === 'resolve') return redirect(reason, frame, route.ifindex, true);
  // What was asked just now goes through the kernel's neighbour entry, so that the kernel confirms it.
  if (!route.remembered) return redirect(reason, frame, route.hop.ifindex, true);
  setMacs(frame, route.hop.destinationMac, route.hop.sourceMac);
  return redirect(reason, frame, route.hop.ifindex, false);
}

/** An ICMP error that comes in. It is in no flow, so its next hop is not remembered. */
function forwardError(context: Context, packet: Packet, fib: Fib): Result {
  const translation = translateError(context.tables, packet, readableOf(context));
  if ('left' in translation) return pass(translation.left);
  const { ifindex } = context.input;
  const length = packet.end - packet.l3;
  const route = findRoute({ fib, ifindex, now: context.now }, packet, translation.routed, length);
  if (route.kind === 'drop' || route.kind === 'egress') return { verdict: 'drop', reason: route.reason };
  const frame = translation.frame(route.kind === 'stack' ? 0 : 1);
  if (route.kind === 'stack') return { verdict: 'pass', reason: 'forwarded_icmp_error', frame };
  if (route.kind === 'resolve') return redirect('forwarded_icmp_error', frame, route.ifindex, true);
  setMacs(frame, route.hop.destinationMac, route.hop.sourceMac);
  return redirect('forwarded_icmp_error', frame, route.hop.ifindex, false);
}

function parseSkb(context: Context): Packet | Left {
  const { frame, gso, vlanStripped } = context.input;
  if (vlanStripped) return { left: 'passed_vlan' };
  const parsed = parseFrame(frame, { readable: readableOf(context), gso: gso !== undefined });
  return isPacket(parsed) ? resolveFragment(context, parsed) : parsed;
}

function readableOf({ input: { frame, linear } }: Context): number {
  return Math.max(linear ?? frame.length, Math.min(frame.length, PULLED));
}

function headersOf(packet: Packet): number {
  return packet.l4 - packet.l3 + packet.l4HeaderLength;
}

function longestOnWire({ input: { gso } }: Context, packet: Packet): number {
  return gso ? headersOf(packet) + gso.size : packet.end - packet.l3;
}

function sizeOnWire({ input: { gso } }: Context, packet: Packet): Size {
  const length = packet.end - packet.l3;
  const packets = gso ? gso.segments || segmentsOf(length - headersOf(packet), gso.size) : 1;
  return { packets, bytes: length + (packets - 1) * headersOf(packet) };
}

/** Nobody has told how many there are: as many as the payload fills. */
function segmentsOf(payload: number, size: number): number {
  return Math.max(1, Math.ceil(payload / size));
}

/** Whether the frame's destination is the interface's own MAC address. */
function isForUs({ input: { frame, ifindex } }: Context): boolean {
  const own = WORLD.interfaces.find((candidate) => candidate.ifindex === ifindex)?.mac;
  return own !== undefined && frame.length >= 6 && hexOf(frame, 0, 6) === macHex(own);
}

function mayRedirect(ifindex: number): boolean {
  return WORLD.interfaces.find((candidate) => candidate.ifindex === ifindex)?.xdpRedirect ?? false;
}

/** Whether the next hop should be confirmed through the kernel's neighbour entry, which XDP cannot do. */
function wantsConfirmation(context: Context, { half }: Ours): boolean {
  if (half.hop) return half.hop.epoch !== context.now;
  return context.options.confirmNewFlows === 'always';
}

function reasonFor(packet: Packet, decision: Ours): string {
  return packet.part === 'later' ? 'forwarded_fragment' : decision.reason;
}

function withoutFlow(reason: string): Result {
  return reason.startsWith('dropped') ? { verdict: 'drop', reason } : pass(reason);
}

function pass(reason: string): Result {
  return { verdict: 'pass', reason };
}

function redirect(reason: string, frame: Uint8Array, ifindex: number, resolve: boolean): Result {
  return { verdict: 'redirect', reason, frame, redirect: { ifindex, resolve } };
}
