/** Late binding: connections whose target is chosen by the name in the ClientHello. */
import { addToTarget, type Context, type Result } from '../context.ts';
import type { Fib } from '../fib.ts';
import { establish, find, peerOf } from '../flows.ts';
import { openFlow } from '../open.ts';
import { type Packet, tupleKey, turned } from '../packet.ts';
import { type Half, type Listener, listenerKey, pointedRoute } from '../tables.ts';
import { acknowledge, answer, OWN_SCALE, reset } from './answers.ts';
import { cookieFor, offerIn, proofOf } from './cookie.ts';
import { owesHeader } from './header.ts';
import { type Held, hold, look, newHeld, ROOM } from './held.ts';
import { proxyHeader } from './proxy-header.ts';
import { firstOf, replay, replayRest, sendSyn } from './replay.ts';
import {
  countTaken,
  distance,
  drop,
  type Forward,
  flowOf,
  isLeaving,
  kept,
  minus,
  pass,
  passOn,
  passRaised,
  plus,
  type Scene,
  windowOf,
} from './scene.ts';
import { FLAG, offerOf, payloadOf } from './segment.ts';
import { takeSlot } from './slots.ts';

const MOST_MSS = { v4: 1460, v6: 1440 } as const;
/** Half of all numbers: what is less far ahead is ahead, the rest is behind (RFC 9293, 3.4). */
const HALF = 2 ** 31;
/** How far an acknowledgement may be beyond what is held. */
const AHEAD = 2 ** 23;

/** Handles a packet of a client without a target, or of a flow for which bytes are held, that comes in. */
export function bindLate(context: Context, packet: Packet, fib: Fib, forward: Forward): Result {
  const { tcp, tuple } = packet;
  if (packet.part !== 'whole' || !tcp) return drop('dropped_nothing_held');
  if (packet.l4 - packet.l3 !== (packet.v4 ? 20 : 40)) return pass('passed_extension_headers');
  const half = flowOf(context, tuple)?.half;
  if (isLeaving(context) && half?.direction !== 'reply') return pass('passed_no_listener');
  if (half?.header?.held && !half.late) {
    const { direction } = half;
    const client = direction === 'reply' ? turned(half.out) : tuple;
    return owesHeader({ context, packet, tcp, client, fib, forward }, direction);
  }
  if (half?.late?.held && half.direction === 'reply') {
    const client = turned(half.out);
    return fromTarget({ context, packet, tcp, client, fib, forward }, half);
  }
  const listener = context.tables.listeners.get(listenerKey('tcp', tuple.destination, tuple.destinationPort));
  if (!listener) return pass('passed_no_listener');
  return fromClient({ context, packet, tcp, client: tuple, fib, forward }, listener);
}

function fromClient(scene: Scene, listener: Listener): Result {
  const { tcp, context, client } = scene;
  if (tcp.syn && !tcp.ack && !tcp.rst) return answerSyn(scene, listener);
  const held = heldOf(scene);
  if (held && (distance(held.isn, tcp.sequence) <= ROOM || held.state === 'replay')) {
    return fromHeldClient(scene, held, listener);
  }
  if (context.tables.slots.lost.delete(tupleKey('tcp', client))) {
    return tcp.rst ? pass('passed_no_flow') : reset(scene);
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
  if (proof === 'none') return pass('passed_no_flow');
  if (proof === 'tuple') return keepAlive(scene, cookie) ?? drop('dropped_nothing_held');
  if (payloadOf(packet).length === 0) return tcp.fin ? reset(scene) : kept();
  const { slots } = context.tables;
  const key = tupleKey('tcp', client);
  const earlier = slots.held.get(key);
  slots.held.delete(key);
  const slot = takeSlot(slots);
  if (slot === undefined) {
    if (earlier) slots.lost.set(key, earlier);
    return drop('dropped_table_full');
  }
  const held = newHeld({ client, slot }, isn, cookie, offerIn(cookie));
  slots.held.set(key, held);
  return fromHeldClient(scene, held, listener);
}

/** RFC 9293, 3.8.4: without data, at the number before the next one. The client has not spoken yet, and is answered. */
function keepAlive(scene: Scene, cookie: number): Result | undefined {
  const { tcp, packet, context, client } = scene;
  if (payloadOf(packet).length > 0) return undefined;
  if (proofOf(context.tables.secrets, client, tcp.sequence, cookie) !== 'whole') return undefined;
  return acknowledge(scene, newHeld({ client, slot: 0 }, tcp.sequence, cookie, offerIn(cookie)));
}

function fromHeldClient(scene: Scene, held: Held, listener: Listener): Result {
  const { tcp, packet } = scene;
  const payload = payloadOf(packet);
  const offset = distance(held.isn + 1, tcp.sequence);
  if (held.busy) return drop('dropped_busy');
  // RFC 5961, 3.2: only at the number that is expected next. Once there is a target it is the one to judge.
  if (tcp.rst && (held.state === 'replay' || offset === held.end)) return clientResets(scene, held);
  if (held.state === 'collect' && (tcp.rst || offset === 2 ** 32 - 1)) return acknowledge(scene, held);
  if (tcp.rst) return kept();
  held.window = windowOf(packet);
  if (held.state === 'collect') {
    return payload.length > 0 || tcp.fin ? collect(scene, held, listener, offset) : kept();
  }
  if (held.state === 'syn') return waitForTarget(scene, held, offset);
  const isBehind = distance(held.end, offset) >= HALF;
  return payload.length > 0 && isBehind ? replayRest(scene, held, true) : passOn(scene, packet);
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
  const name = typeof held.hello === 'object' ? held.hello.asked : undefined;
  if (decision.half.header) held.header = proxyHeader(scene.client, name);
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
  const { tcp, context, client } = scene;
  const held = heldOf(scene);
  if (!held) return drop('dropped_nothing_held');
  if (held.busy) return drop('dropped_busy');
  const acknowledgesSyn = tcp.acknowledgement === firstOf(held);
  if (tcp.rst) {
    if (held.state === 'syn') {
      if (!acknowledgesSyn) return drop('dropped_nothing_held');
      setLate(reply, { seqDelta: minus(plus(held.cookie, 1), tcp.sequence) });
      context.tables.slots.held.delete(tupleKey('tcp', client));
    }
    return passBack(scene, held);
  }
  if (tcp.syn && tcp.ack && acknowledgesSyn) {
    countTaken(scene);
    if (held.state === 'syn') targetAnswers(scene, held, reply);
    return replayRest(scene, held, true);
  }
  if (!tcp.ack || tcp.syn || held.state !== 'replay') return drop('dropped_nothing_held');
  return targetAcknowledges(scene, held);
}

function targetAnswers({ context, packet, tcp, client }: Scene, held: Held, reply: Half): void {
  const { pending, flows } = context.tables;
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
  const acked = distance(firstOf(held), tcp.acknowledgement);
  const total = held.header.length + held.end;
  const isSame = acked === held.acked;
  if (acked > held.acked && acked <= total) Object.assign(held, { acked, mayAsk: true });
  if (held.acked === total || distance(total, acked) < AHEAD) {
    const forward = find(context.tables.flows, 'tcp', client);
    for (const half of forward ? [forward, peerOf(context.tables.flows, forward)] : []) {
      if (half) setLate(half, { held: false });
    }
    end(scene);
    return passBack(scene, held);
  }
  if (payloadOf(packet).length > 0 || tcp.fin) return passBack(scene, held);
  countTaken(scene);
  if (held.sent < total) return replay(scene, held, held.sent);
  return isSame && held.mayAsk ? replayRest(scene, held, false) : kept();
}

function heldOf({ context, client }: Scene): Held | undefined {
  return context.tables.slots.held.get(tupleKey('tcp', client));
}

function end({ context, client }: Scene): void {
  context.tables.slots.held.delete(tupleKey('tcp', client));
}

function setLate(half: Half, change: Partial<NonNullable<Half['late']>>): void {
  if (half.late) half.late = { ...half.late, ...change };
  if (half.header && change.held === false) half.header = { held: false, ask: false };
}

function passBack(scene: Scene, { isn, header }: Held): Result {
  return passRaised(scene, plus(isn, 1), header.length);
}
