/** Late binding: connections whose target is chosen by the name in the ClientHello. */
import { account } from '../account.ts';
import { addToTarget, type Context, type Result } from '../context.ts';
import type { Ours } from '../decide.ts';
import type { Fib } from '../fib.ts';
import { establish, find, peerOf } from '../flows.ts';
import { openFlow } from '../open.ts';
import { type HexTuple, type Packet, type Segment, tupleKey, turned } from '../packet.ts';
import { isPacket, parseFrame } from '../parse.ts';
import { type Half, type Listener, listenerKey, pointedRoute } from '../tables.ts';
import { cookieFor, offerIn, proofOf } from './cookie.ts';
import { type Held, hold, look, newHeld, ROOM } from './held.ts';
import { FLAG, offerOf, payloadOf, type SegmentFields, segmentFrame } from './segment.ts';

/** The window scale that clients are told. */
const OWN_SCALE = 8;
const MOST_MSS = { v4: 1460, v6: 1440 } as const;
/** Segments that one packet may become. */
const BURST = 12;
/** How far an acknowledgement may be beyond what is held. */
const AHEAD = 2 ** 23;

/** Sends a packet of a flow on, as any other of its flow. */
export type Forward = (context: Context, packet: Packet, ours: Ours, fib: Fib) => Result;

/** What a late packet is handled with. */
interface Scene {
  readonly context: Context;
  readonly packet: Packet;
  readonly tcp: Segment;
  /** Of the client's packets. */
  readonly client: HexTuple;
  readonly fib: Fib;
  readonly forward: Forward;
}

/** Handles a packet of a client without a target, or of a flow for which bytes are held, that comes in. */
export function bindLate(context: Context, packet: Packet, fib: Fib, forward: Forward): Result {
  const { tcp, tuple } = packet;
  if (packet.part !== 'whole' || !tcp) return drop('dropped_nothing_held');
  if (packet.l4 - packet.l3 !== (packet.v4 ? 20 : 40)) return pass('passed_extension_headers');
  const half = halfOf(context, tuple);
  if (half?.late?.held && half.direction === 'reply') {
    const client = turned(half.out);
    return fromTarget({ context, packet, tcp, client, fib, forward }, half);
  }
  const listener = context.tables.listeners.get(listenerKey('tcp', tuple.destination, tuple.destinationPort));
  if (!listener) return pass('passed_no_listener');
  return fromClient({ context, packet, tcp, client: tuple, fib, forward }, listener);
}

function fromClient(scene: Scene, listener: Listener): Result {
  const { tcp } = scene;
  if (tcp.syn && !tcp.ack && !tcp.rst) return answerSyn(scene, listener);
  const held = heldOf(scene);
  if (held && (distance(held.isn, tcp.sequence) <= ROOM || held.state === 'replay')) {
    return fromHeldClient(scene, held, listener);
  }
  return firstBytes(scene, listener); // perhaps a later connection's: what is held is over when it proves its cookie
}

function answerSyn(scene: Scene, listener: Listener): Result {
  const { packet, tcp, client, context } = scene;
  const offer = offerOf(packet);
  const cookie = cookieFor(context.tables.secrets, client, tcp.sequence, offer);
  if (cookie === undefined) return drop('dropped_nothing_held');
  const mss = Math.min(listener.mss || ROOM, MOST_MSS[packet.v4 ? 'v4' : 'v6']);
  const scale = offer.scale === null ? null : OWN_SCALE;
  return answer(scene, 'forwarded_cookie', {
    seq: cookie,
    ack: tcp.sequence + 1,
    flags: FLAG.syn | FLAG.ack,
    window: ROOM,
    offer: { ...offer, mss, scale },
  });
}

function firstBytes(scene: Scene, listener: Listener): Result {
  const { tcp, context, client, packet } = scene;
  if (!tcp.ack || tcp.syn || tcp.rst) return pass('passed_no_flow');
  const [isn, cookie] = [minus(tcp.sequence, 1), minus(tcp.acknowledgement, 1)];
  const proof = proofOf(context.tables.secrets, client, isn, cookie);
  if (proof !== 'whole') return proof === 'tuple' ? drop('dropped_nothing_held') : pass('passed_no_flow');
  if (payloadOf(packet).length === 0) return tcp.fin ? reset(scene) : kept();
  const held = newHeld(isn, cookie, offerIn(cookie));
  context.tables.held.set(tupleKey('tcp', client), held);
  return fromHeldClient(scene, held, listener);
}

function fromHeldClient(scene: Scene, held: Held, listener: Listener): Result {
  const { tcp, packet } = scene;
  const payload = payloadOf(packet);
  const offset = distance(held.isn + 1, tcp.sequence);
  // RFC 5961, 3.2: only at the number that is expected next. Once there is a target it is the one to judge.
  if (tcp.rst && (held.state === 'replay' || offset === held.end)) return clientResets(scene, held);
  if (held.state === 'collect' && (tcp.rst || offset === 2 ** 32 - 1)) return acknowledge(scene, held);
  if (tcp.rst) return kept();
  held.window = windowOf(packet);
  if (held.state === 'collect') {
    return payload.length > 0 || tcp.fin ? collect(scene, held, listener, offset) : kept();
  }
  if (held.state === 'syn') return waitForTarget(scene, held, offset);
  return payload.length > 0 && offset < held.end ? replay(scene, held, held.acked) : passOn(scene, packet);
}

/** The client gives up. */
function clientResets(scene: Scene, held: Held): Result {
  if (held.state !== 'replay') end(scene);
  return held.state === 'collect' ? kept() : passOn(scene, scene.packet);
}

function collect(scene: Scene, held: Held, listener: Listener, offset: number): Result {
  const { tcp, packet } = scene;
  const payload = payloadOf(packet);
  if (!hold(held, offset, payload)) return drop('dropped_out_of_room');
  look(held);
  const isLast = tcp.fin && offset + payload.length === held.end;
  if (held.hello === 'more' && (isLast || held.end === ROOM)) held.hello = 'none';
  return held.hello === 'more' ? acknowledge(scene, held) : bind(scene, held, listener);
}

function bind(scene: Scene, held: Held, listener: Listener): Result {
  const { context, packet } = scene;
  const named =
    typeof held.hello === 'object'
      ? pointedRoute(context.tables, listener.proxy, held.hello.name, packet.v4)
      : undefined;
  const decision = openFlow(
    context,
    packet,
    { ...listener, pool: named?.pool ?? listener.pool, sourceRoutes: false },
    { name: named ? nameHash(named.name) : '' },
  );
  if (!decision.half) return drop(decision.reason);
  held.state = 'syn';
  return sendSyn(scene, held);
}

/** FNV-1a with 64 bits, hex. */
function nameHash(name: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n;
  return hash.toString(16);
}

function waitForTarget(scene: Scene, held: Held, offset: number): Result {
  const payload = payloadOf(scene.packet);
  const before = held.end;
  if (payload.length === 0) return kept();
  if (!hold(held, offset, payload)) return drop('dropped_out_of_room');
  return held.end > before ? kept() : sendSyn(scene, held);
}

function fromTarget(scene: Scene, reply: Half): Result {
  const { tcp, packet, context, client } = scene;
  const held = heldOf(scene);
  if (!held) return drop('dropped_nothing_held');
  const acknowledgesSyn = tcp.acknowledgement === plus(held.isn, 1);
  if (tcp.rst) {
    if (held.state === 'syn') {
      if (!acknowledgesSyn) return drop('dropped_nothing_held');
      setLate(reply, { seqDelta: minus(plus(held.cookie, 1), tcp.sequence) });
      context.tables.held.delete(tupleKey('tcp', client));
    }
    return passOn(scene, packet);
  }
  if (tcp.syn && tcp.ack && acknowledgesSyn) {
    if (held.state === 'syn') targetAnswers(scene, held, reply);
    return replay(scene, held, held.acked);
  }
  if (!tcp.ack || tcp.syn || held.state !== 'replay') return drop('dropped_nothing_held');
  return targetAcknowledges(scene, held);
}

function targetAnswers({ context, packet, tcp, client }: Scene, held: Held, reply: Half): void {
  const { pending, flows } = context.tables;
  account(
    context,
    packet,
    { half: reply, pending: true, reason: '' },
    { packets: 1, bytes: packet.end - packet.l3 },
  );
  const offer = offerOf(packet);
  held.mss = Math.min(offer.mss, MOST_MSS[packet.v4 ? 'v4' : 'v6']);
  const delta = minus(tcp.sequence, held.cookie);
  const scales = held.offer.scale === null ? null : scalesOf(held.offer.scale, offer.scale);
  const forward = find(pending, 'tcp', client);
  if (!forward) return;
  setLate(forward, { ackDelta: delta, scales });
  setLate(reply, { seqDelta: minus(0, delta), scales });
  held.state = 'replay';
  establish(pending, flows, forward);
  addToTarget(context, forward.target, { established: 1 });
}

/** A client that scales by nothing is as one whose target scales by nothing. */
function scalesOf(client: number, target: number | null): { client: number; target: number | null } {
  return target === null && client > 0 ? { client, target } : { client: 0, target: target ?? 0 };
}

function targetAcknowledges(scene: Scene, held: Held): Result {
  const { tcp, packet, context, client } = scene;
  const acked = distance(held.isn + 1, tcp.acknowledgement);
  if (distance(held.acked, acked) <= ROOM && acked <= held.end) held.acked = acked;
  if (held.acked === held.end || distance(held.end, acked) < AHEAD) {
    const forward = find(context.tables.flows, 'tcp', client);
    for (const half of forward ? [forward, peerOf(context.tables.flows, forward)] : []) {
      if (half) setLate(half, { held: false });
    }
    end(scene);
    return passOn(scene, packet);
  }
  if (payloadOf(packet).length > 0 || tcp.fin) return passOn(scene, packet);
  return held.sent < held.end ? replay(scene, held, held.sent) : kept();
}

/** The packet in hand becomes what is held from `from` on, as far as it fits into segments and those find their way. */
function replay(scene: Scene, held: Held, first: number): Result {
  if (first >= held.end) return drop('dropped_nothing_held');
  const copies: { ifindex: number; frame: Uint8Array }[] = [];
  let from = first;
  for (let count = 1; ; count++) {
    const payload = held.bytes.subarray(from, Math.min(held.end, from + held.mss));
    from += payload.length;
    held.sent = Math.max(held.sent, from);
    const packet = asClient(scene, {
      seq: plus(held.isn, 1 + from - payload.length),
      ack: plus(held.cookie, 1),
      flags: FLAG.ack | FLAG.psh,
      window: held.window,
      payload,
    });
    const result = passOn(scene, packet, 'forwarded_replayed');
    const isRedirect = result.redirect && result.reason === 'forwarded_replayed';
    // Of all but the last one a copy is sent; it needs a neighbour that is known.
    const { redirect, frame } = result;
    if (from >= held.end || count >= BURST || !isRedirect || !redirect || !frame)
      return { ...result, copies };
    if (redirect.resolve && !knownHop(scene)) return { ...result, copies };
    copies.push({ ifindex: redirect.ifindex, frame: withMacs(scene, frame) });
  }
}

function sendSyn(scene: Scene, held: Held): Result {
  const { offer } = held;
  const window = held.window * 2 ** (offer.scale ?? 0);
  const packet = asClient(scene, {
    seq: held.isn,
    ack: 0,
    flags: FLAG.syn,
    window: Math.min(window, 0xffff),
    offer,
  });
  return passOn(scene, packet, 'forwarded_new_flow');
}

function acknowledge(scene: Scene, held: Held): Result {
  const room = ROOM - held.end;
  return answer(scene, 'forwarded_held', {
    seq: plus(held.cookie, 1),
    ack: plus(held.isn, 1 + held.end),
    flags: FLAG.ack,
    window: held.offer.scale === null ? room : room >> OWN_SCALE,
  });
}

function reset(scene: Scene): Result {
  const { tcp, packet } = scene;
  return answer(scene, 'forwarded_reset', {
    seq: tcp.acknowledgement,
    ack: plus(tcp.sequence, payloadOf(packet).length + (tcp.fin ? 1 : 0)),
    flags: FLAG.rst | FLAG.ack,
    window: 0,
  });
}

/** Sends a segment back to the client, in place of the one in hand. */
function answer(scene: Scene, reason: string, fields: Omit<SegmentFields, 'tuple'>): Result {
  const { packet, client, context } = scene;
  const partial = context.input.partialChecksum ?? false;
  const frame = segmentFrame(packet, { tuple: turned(client), ...fields }, { partial, turned: true });
  return {
    verdict: 'redirect',
    reason,
    frame,
    redirect: { ifindex: context.input.ifindex, resolve: false },
  };
}

/** A segment as the client would have sent it. */
function asClient({ packet, client, context }: Scene, fields: Omit<SegmentFields, 'tuple'>): Packet {
  const partial = context.input.partialChecksum ?? false;
  const frame = segmentFrame(packet, { tuple: client, ...fields }, { partial, turned: false });
  const made = parseFrame(frame, { readable: frame.length, gso: false });
  if (!isPacket(made)) throw new Error(`the oracle has made no packet: ${made.left}`);
  return made;
}

/** Sends a packet on as one of its flow. */
function passOn({ context, fib, forward }: Scene, packet: Packet, reason?: string): Result {
  const { flows, pending } = context.tables;
  const lasting = find(flows, 'tcp', packet.tuple);
  const half = lasting ?? find(pending, 'tcp', packet.tuple);
  if (!half) return drop('dropped_nothing_held');
  const usual = half.direction === 'forward' ? 'forwarded_established' : 'forwarded_reply';
  const { gso: _, ...input } = context.input;
  const isMade = packet.frame !== context.input.frame;
  const within = isMade ? { ...context, input: { ...input, frame: packet.frame } } : context;
  return forward(within, packet, { half, pending: !lasting, reason: reason ?? usual }, fib);
}

function knownHop({ context, client }: Scene): boolean {
  return find(context.tables.flows, 'tcp', client)?.hop !== undefined;
}

function withMacs({ context, client }: Scene, frame: Uint8Array): Uint8Array {
  const hop = find(context.tables.flows, 'tcp', client)?.hop;
  if (hop) frame.set(Buffer.from(hop.destinationMac + hop.sourceMac, 'hex'), 0);
  return frame;
}

function halfOf({ tables }: Context, tuple: HexTuple): Half | undefined {
  return find(tables.flows, 'tcp', tuple) ?? find(tables.pending, 'tcp', tuple);
}

function heldOf({ context, client }: Scene): Held | undefined {
  return context.tables.held.get(tupleKey('tcp', client));
}

function end({ context, client }: Scene): void {
  context.tables.held.delete(tupleKey('tcp', client));
}

function setLate(half: Half, change: Partial<NonNullable<Half['late']>>): void {
  if (half.late) half.late = { ...half.late, ...change };
}

function windowOf({ frame, l4 }: Packet): number {
  return (frame[l4 + 14] ?? 0) * 256 + (frame[l4 + 15] ?? 0);
}

function kept(): Result {
  return drop('forwarded_held');
}

function drop(reason: string): Result {
  return { verdict: 'drop', reason };
}

function pass(reason: string): Result {
  return { verdict: 'pass', reason };
}

function plus(number: number, more: number): number {
  return (((number + more) % 2 ** 32) + 2 ** 32) % 2 ** 32;
}

function minus(number: number, less: number): number {
  return plus(number, -less);
}

/** How far `to` is ahead of `from` in sequence space (RFC 9293, 3.4). */
function distance(from: number, to: number): number {
  return plus(to, -from);
}
