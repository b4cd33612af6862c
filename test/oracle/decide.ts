/** Of which flow is a packet, is it the first of a new one, or not ours at all? */
import { mayAcknowledge } from './acknowledge.ts';
import { addToTarget, type Context } from './context.ts';
import { establish, find, peerOf, removeFlow } from './flows.ts';
import { openFlow } from './open.ts';
import type { Packet } from './packet.ts';
import { type FlowTable, type Half, type Listener, listenerKey, routedPool } from './tables.ts';
import { tellRemoved } from './tell.ts';

/** A packet of a flow, with the reason under which it will be counted when it is forwarded. */
export interface Ours {
  readonly half: Half;
  readonly pending: boolean;
  readonly reason: string;
}

/** The decision: a flow, or the reason why there is none. */
export type Decision = Ours | { readonly half?: undefined; readonly reason: string };

/** First byte of group addresses (RFC 5771); reserved ones and broadcast follow. */
const FIRST_GROUP = 224;

/** Decides for a TCP or UDP packet that comes in. */
export function decideIngress(context: Context, packet: Packet): Decision {
  const { flows, pending, listeners } = context.tables;
  const known = findLiving(context, flows, packet);
  if (known) return isHeld(known) ? LATE : ours(known, false);
  const { destination, destinationPort } = packet.tuple;
  const listener = listeners.get(listenerKey(packet.protocol, destination, destinationPort));
  if (!listener) return decideFirstReply(context, packet);
  const waiting = findLiving(context, pending, packet);
  if (waiting) return decidePending(context, packet, waiting);
  return decideNew(context, packet, listener);
}

/** Decides for a packet that the kernel sends out: only replies are ours there. */
export function decideEgress(context: Context, packet: Packet): Decision {
  const known = findLiving(context, context.tables.flows, packet);
  if (known && isHeld(known)) return LATE;
  const decision = known ? ours(known, false) : decideFirstReply(context, packet);
  if (decision === LATE) return LATE;
  return decision.half?.direction === 'reply' ? decision : { reason: 'passed_no_listener' };
}

/** Left to late binding, which only TC does. */
const LATE: Decision = { reason: 'passed_to_tc' };

function decideNew(context: Context, packet: Packet, listener: Listener): Decision {
  if (!isPossibleClient(packet)) return { reason: 'passed_martian' };
  if (listener.sniRoutes && packet.protocol === 'tcp' && !isRouted(context, packet, listener)) return LATE;
  if (packet.protocol === 'tcp' && !isFirstSyn(packet)) return { reason: 'passed_no_flow' };
  const opened = openFlow(context, packet, listener);
  return opened.half && isHeld(opened.half) ? LATE : opened;
}

/** Whether the target does not yet have what comes before all else. */
function isHeld({ late, header }: Half): boolean {
  return (late?.held ?? false) || (header?.held ?? false);
}

/** No listener: perhaps a target's first answer. Of TCP that is a SYN-ACK or a RST. */
function decideFirstReply(context: Context, packet: Packet): Decision {
  const mayBe = packet.protocol === 'udp' || packet.tcp?.syn || packet.tcp?.rst;
  const waiting = mayBe ? findLiving(context, context.tables.pending, packet) : undefined;
  return waiting ? decidePending(context, packet, waiting) : { reason: 'passed_no_listener' };
}

/** Finds the packet's half. If the packet begins another connection on a closing flow's tuple, that flow ends. */
function findLiving(
  { tables: { telling }, now }: Context,
  table: FlowTable,
  packet: Packet,
): Half | undefined {
  const half = find(table, packet.protocol, packet.tuple);
  const beginsAnother = half?.state === 'closing' && packet.tcp?.syn && !packet.tcp.rst;
  if (!half || !beginsAnother) return half;
  tellRemoved(telling, table, half, 'evicted', now);
  removeFlow(table, half);
  return undefined;
}

/** A packet of a flow that has not proven itself; this packet may do it. */
function decidePending(context: Context, packet: Packet, half: Half): Decision {
  if (isHeld(half)) return LATE;
  const { pending, flows } = context.tables;
  const proven =
    packet.protocol === 'udp' ? half.created !== context.now : acknowledges(pending, packet, half);
  if (!proven) return ours(half, true);
  if (packet.protocol === 'tcp') addToTarget(context, half.target, { established: 1 });
  return ours(establish(pending, flows, half), false);
}

/** Whether a segment acknowledges the other side's SYN, which only who has received it can do. */
function acknowledges(pending: FlowTable, packet: Packet, half: Half): boolean {
  const { tcp } = packet;
  if (!tcp?.ack || tcp.syn || tcp.rst) return false;
  return mayAcknowledge(tcp, peerOf(pending, half));
}

function ours(half: Half, pending: boolean): Ours {
  const reason = half.direction === 'forward' ? 'forwarded_established' : 'forwarded_reply';
  return { half, pending, reason };
}

/** A source route is stronger than a name. */
function isRouted({ tables }: Context, { tuple }: Packet, { sourceRoutes, proxy }: Listener): boolean {
  return sourceRoutes && routedPool(tables, proxy, tuple.source) !== undefined;
}

function isFirstSyn(packet: Packet): boolean {
  const { syn = false, ack, rst } = packet.tcp ?? {};
  return syn && !ack && !rst;
}

/** Whether a client can have the source address: not "this network", loopback, a group or a link's own (RFC 6890). */
function isPossibleClient({ v4, tuple: { source } }: Packet): boolean {
  if (v4) {
    const first = Number.parseInt(source.slice(0, 2), 16);
    return first !== 0 && first !== 127 && first < FIRST_GROUP;
  }
  const isUnspecifiedOrLoopback = /^0{31}[01]$/.test(source);
  return !isUnspecifiedOrLoopback && !/^(ff|fe[89ab])/.test(source);
}
