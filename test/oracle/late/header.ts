/** Flows whose target is known at the SYN and gets a header: it lies before the first number of the client's data. */

import { mayAcknowledge } from '../acknowledge.ts';
import { addToTarget, type Result } from '../context.ts';
import { establish, find, peerOf, removeFlow } from '../flows.ts';
import type { Half } from '../tables.ts';
import { tellRemoved } from '../tell.ts';
import { proxyHeader } from './proxy-header.ts';
import {
  asClient,
  countTaken,
  distance,
  drop,
  kept,
  minus,
  passOn,
  passRaised,
  plus,
  type Scene,
  windowOf,
} from './scene.ts';
import { FLAG, offerOf, payloadOf } from './segment.ts';

/** How far an acknowledgement may be beyond the header. */
const AHEAD = 2 ** 23;
/** Half of all numbers: what is less far ahead is ahead, the rest is behind (RFC 9293, 3.4). */
const HALF = 2 ** 31;

/** A packet of such a flow while its target has not acknowledged the header. */
export function owesHeader(scene: Scene, direction: Half['direction']): Result {
  const { flows, pending } = scene.context.tables;
  const lasting = find(flows, 'tcp', scene.client);
  const half = lasting ?? find(pending, 'tcp', scene.client);
  if (!half) return drop('dropped_nothing_held');
  return direction === 'forward' ? fromClient(scene, half, !lasting) : fromTarget(scene, half, !lasting);
}

function fromClient(scene: Scene, half: Half, isPending: boolean): Result {
  const { tcp, packet } = scene;
  if (isPending && tcp.syn && !tcp.ack && !tcp.rst) return syn(scene, half);
  if (tcp.rst) return passOn(scene, packet);
  if (tcp.syn || !tcp.ack) return drop('dropped_nothing_held');
  const lasting = isPending ? proven(scene, half) : half;
  if (!lasting || lasting.isn === 0) return drop('dropped_nothing_held');
  const first = plus(lasting.isn, 1 + proxyHeader(scene.client).length);
  const isBefore = distance(first, tcp.sequence) >= HALF;
  const hasContent = payloadOf(packet).length > 0 || tcp.fin;
  if (isBefore || !hasContent) return sendHeader(scene, lasting, tcp.acknowledgement, windowOf(packet));
  setHeader(lasting, { ask: true });
  return passOn(scene, packet);
}

function syn(scene: Scene, half: Half): Result {
  const { tcp, packet, context, client } = scene;
  const seq = minus(tcp.sequence, proxyHeader(client).length);
  if (half.isn !== 0 && half.isn !== seq) {
    tellRemoved(context.tables.telling, context.tables.pending, half, 'evicted', context.now);
    removeFlow(context.tables.pending, half);
    return drop('dropped_nothing_held');
  }
  const window = windowOf(packet);
  const made = asClient(scene, { seq, ack: 0, flags: FLAG.syn, window, offer: offerOf(packet) });
  return passOn(scene, made, 'forwarded_new_flow');
}

/** The flow among the lasting ones, if the client acknowledges what its target has said. */
function proven({ context, tcp }: Scene, half: Half): Half | undefined {
  const { pending, flows } = context.tables;
  const reply = peerOf(pending, half);
  if (!reply || !mayAcknowledge(tcp, reply)) return undefined;
  addToTarget(context, half.target, { established: 1 });
  return establish(pending, flows, half);
}

function sendHeader(scene: Scene, half: Half, ack: number, window: number): Result {
  setHeader(half, { ask: false });
  const made = asClient(scene, {
    seq: plus(half.isn, 1),
    ack,
    flags: FLAG.ack | FLAG.psh,
    window,
    payload: proxyHeader(scene.client),
  });
  return passOn(scene, made, 'forwarded_replayed');
}

function fromTarget(scene: Scene, half: Half, isPending: boolean): Result {
  const { tcp, packet, context, client } = scene;
  if (half.isn === 0) return drop('dropped_nothing_held');
  const { length } = proxyHeader(client);
  const acked = distance(plus(half.isn, 1), tcp.acknowledgement);
  const pass = () => passRaised(scene, plus(half.isn, 1 + length), length);
  if (tcp.rst) return pass();
  if (!tcp.ack) return drop('dropped_nothing_held');
  if (tcp.syn) return acked === 0 ? pass() : drop('dropped_nothing_held');
  if (isPending) return pass();
  const isBare = payloadOf(packet).length === 0 && !tcp.fin;
  // Of the client's window it has heard with the bytes that it asks the header for.
  if (acked < length && isBare) {
    countTaken(scene);
    return half.header?.ask ? sendHeader(scene, half, half.acked, 1) : kept();
  }
  if (acked >= length && acked - length < AHEAD) {
    for (const each of [half, peerOf(context.tables.flows, half)]) {
      if (each) setHeader(each, { held: false, ask: false });
    }
  }
  return pass();
}

function setHeader(half: Half, change: Partial<NonNullable<Half['header']>>): void {
  if (half.header) half.header = { ...half.header, ...change };
}
