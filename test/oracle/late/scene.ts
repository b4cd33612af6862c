/** What late binding and headers have in common: the packet in hand, what may be made of it, and the way it goes. */

import { account } from '../account.ts';
import { put32 } from '../bytes.ts';
import type { Context, Result } from '../context.ts';
import type { Ours } from '../decide.ts';
import type { Fib } from '../fib.ts';
import { find } from '../flows.ts';
import type { HexTuple, Packet, Segment } from '../packet.ts';
import { isPacket, parseFrame } from '../parse.ts';
import { mendTransport } from '../rewrite.ts';
import { type SegmentFields, segmentFrame } from './segment.ts';

/** Sends a packet of a flow on, as any other of its flow. */
export type Forward = (context: Context, packet: Packet, ours: Ours, fib: Fib) => Result;

/** What a late packet is handled with. */
export interface Scene {
  readonly context: Context;
  readonly packet: Packet;
  readonly tcp: Segment;
  /** Of the client's packets. */
  readonly client: HexTuple;
  readonly fib: Fib;
  readonly forward: Forward;
}

/** Whether the packet in hand is about to leave this host. */
export function isLeaving({ input: { hook } }: Context): boolean {
  return hook === 'tc_egress';
}

/** The flow of packets of this tuple, lasting or not yet. */
export function flowOf({ tables }: Context, tuple: HexTuple): Omit<Ours, 'reason'> | undefined {
  const lasting = find(tables.flows, 'tcp', tuple);
  const half = lasting ?? find(tables.pending, 'tcp', tuple);
  return half && { half, pending: !lasting };
}

/** A segment as the client would have sent it. In place of a packet that was leaving it goes back to whoever sent that. */
export function asClient({ packet, client, context }: Scene, fields: Omit<SegmentFields, 'tuple'>): Packet {
  const partial = context.input.partialChecksum ?? false;
  const frame = segmentFrame(packet, { tuple: client, ...fields }, { partial, turned: isLeaving(context) });
  const made = parseFrame(frame, { readable: frame.length, gso: false });
  if (!isPacket(made)) throw new Error(`the oracle has made no packet: ${made.left}`);
  return made;
}

/** Sends a packet on as one of its flow. */
export function passOn(
  { context, fib, forward }: Scene,
  packet: Packet,
  reason?: string,
  keepsSize = packet.frame === context.input.frame,
): Result {
  const flow = flowOf(context, packet.tuple);
  if (!flow) return drop('dropped_nothing_held');
  const { half } = flow;
  const usual = half.direction === 'forward' ? 'forwarded_established' : 'forwarded_reply';
  const { gso: _, ...input } = context.input;
  const within = keepsSize ? context : { ...context, input: { ...input, frame: packet.frame } };
  return forward(within, packet, { ...flow, reason: reason ?? usual }, fib);
}

/**
 * Sends a target's packet on to the client. What it acknowledges of its header the client has never sent: to the client
 * that says that its SYN has come, no more and no less.
 * @param first the number of the client's first byte
 * @param header bytes before it
 */
export function passRaised(scene: Scene, first: number, header: number): Result {
  const { tcp, packet, context } = scene;
  const missing = distance(tcp.acknowledgement, first);
  if (!tcp.ack || missing === 0 || missing > header) return passOn(scene, packet);
  const after = Uint8Array.from(packet.frame);
  put32(after, packet.l4 + 8, first);
  mendTransport(packet.frame, after, packet, 'tcp', context.input.partialChecksum ?? false);
  const raised = { ...packet, frame: after, tcp: { ...tcp, acknowledgement: first } };
  return passOn(scene, raised, undefined, true);
}

/** Counts a target's packet that goes no further: it is kept, or becomes what is held. */
export function countTaken({ context, packet }: Scene): void {
  const flow = flowOf(context, packet.tuple);
  const size = { packets: 1, bytes: packet.end - packet.l3 };
  if (flow) account(context, packet, { ...flow, reason: '' }, size);
}

export function windowOf({ frame, l4 }: Packet): number {
  return (frame[l4 + 14] ?? 0) * 256 + (frame[l4 + 15] ?? 0);
}

export function kept(): Result {
  return drop('forwarded_held');
}

export function drop(reason: string): Result {
  return { verdict: 'drop', reason };
}

export function pass(reason: string): Result {
  return { verdict: 'pass', reason };
}

export function plus(number: number, more: number): number {
  return (((number + more) % 2 ** 32) + 2 ** 32) % 2 ** 32;
}

export function minus(number: number, less: number): number {
  return plus(number, -less);
}

/** How far `to` is ahead of `from` in sequence space (RFC 9293, 3.4). */
export function distance(from: number, to: number): number {
  return plus(to, -from);
}
