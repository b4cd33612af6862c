/** What a target is sent in place of the packet in hand: its SYN, the header, and what is held for it. */
import type { Result } from '../context.ts';
import { find } from '../flows.ts';
import type { Held } from './held.ts';
import { asClient, drop, minus, passOn, plus, type Scene } from './scene.ts';
import { FLAG } from './segment.ts';

/** Segments that one packet may become. */
const BURST = 12;

/** The number of the first byte for the target: the client's first one, or that of the header before it. */
export function firstOf({ isn, header }: Held): number {
  return plus(isn, 1 - header.length);
}

/** All that is not acknowledged once more; whether the target may then ask for it again. */
export function replayRest(scene: Scene, held: Held, mayAsk: boolean): Result {
  held.mayAsk = mayAsk;
  return replay(scene, held, held.acked);
}

/** The packet in hand becomes what is held from `from` on, as far as it fits into segments and those find their way. */
export function replay(scene: Scene, held: Held, first: number): Result {
  const total = held.header.length + held.end;
  if (first >= total) return drop('dropped_nothing_held');
  const copies: { ifindex: number; frame: Uint8Array }[] = [];
  let from = first;
  for (let count = 1; ; count++) {
    const isHeader = from < held.header.length;
    const at = from - held.header.length;
    const payload = isHeader ? held.header : held.bytes.subarray(at, Math.min(held.end, at + held.mss));
    from = isHeader ? payload.length : from + payload.length;
    held.sent = Math.max(held.sent, from);
    const packet = asClient(scene, {
      seq: plus(firstOf(held), from - payload.length),
      ack: plus(held.cookie, 1),
      flags: FLAG.ack | FLAG.psh,
      window: held.window,
      payload,
    });
    const result = passOn(scene, packet, 'forwarded_replayed');
    const isRedirect = result.redirect && result.reason === 'forwarded_replayed';
    // Of all but the last one a copy is sent; it needs a neighbour that is known.
    const { redirect, frame } = result;
    if (from >= total || count >= BURST || !isRedirect || !redirect || !frame) return { ...result, copies };
    if (redirect.resolve && !knownHop(scene)) return { ...result, copies };
    copies.push({ ifindex: redirect.ifindex, frame: withMacs(scene, frame) });
  }
}

/** The SYN to the target, as the client would have sent it. */
export function sendSyn(scene: Scene, held: Held): Result {
  const { offer } = held;
  const window = held.window * 2 ** (offer.scale ?? 0);
  const packet = asClient(scene, {
    seq: minus(firstOf(held), 1),
    ack: 0,
    flags: FLAG.syn,
    window: Math.min(window, 0xffff),
    offer,
  });
  return passOn(scene, packet, 'forwarded_new_flow');
}

function knownHop({ context, client }: Scene): boolean {
  return find(context.tables.flows, 'tcp', client)?.hop !== undefined;
}

function withMacs({ context, client }: Scene, frame: Uint8Array): Uint8Array {
  const hop = find(context.tables.flows, 'tcp', client)?.hop;
  if (hop) frame.set(Buffer.from(hop.destinationMac + hop.sourceMac, 'hex'), 0);
  return frame;
}
