/** What a client is sent in place of the packet in hand. */
import type { Result } from '../context.ts';
import { turned } from '../packet.ts';
import { type Held, ROOM } from './held.ts';
import { plus, type Scene } from './scene.ts';
import { FLAG, payloadOf, type SegmentFields, segmentFrame } from './segment.ts';

/** The window scale that clients are told. */
export const OWN_SCALE = 8;

/** Tells the client which of its bytes are here. */
export function acknowledge(scene: Scene, held: Held): Result {
  const room = ROOM - held.end;
  return answer(scene, 'forwarded_held', {
    seq: plus(held.cookie, 1),
    ack: plus(held.isn, 1 + held.end),
    flags: FLAG.ack,
    window: held.offer.scale === null ? room : room >> OWN_SCALE,
  });
}

/** Ends the client's connection. */
export function reset(scene: Scene): Result {
  const { tcp, packet } = scene;
  return answer(scene, 'forwarded_reset', {
    seq: tcp.acknowledgement,
    ack: plus(tcp.sequence, payloadOf(packet).length + (tcp.fin ? 1 : 0)),
    flags: FLAG.rst | FLAG.ack,
    window: 0,
  });
}

/** Sends a segment back to the client, in place of the one in hand. */
export function answer(scene: Scene, reason: string, fields: Omit<SegmentFields, 'tuple'>): Result {
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
