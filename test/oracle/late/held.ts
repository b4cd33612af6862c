/** The bytes of a client that wait for its target. */
import type { HexTuple } from '../packet.ts';
import type { Offer } from './cookie.ts';
import { type Hello, readHello } from './hello.ts';

/** The longest stream that is held. */
export const ROOM = 16_384;
/** Pieces behind a gap that are remembered. */
const MOST_PIECES = 4;

/** A connection whose target does not have all that its client has sent first. */
export interface Held {
  /** Of the client's packets. */
  readonly client: HexTuple;
  readonly slot: number;
  /** A packet is being added right now. */
  readonly busy: boolean;
  readonly isn: number;
  readonly cookie: number;
  readonly offer: Offer;
  readonly bytes: Uint8Array;
  /** What the target gets before them. */
  header: Uint8Array;
  /** Bytes that are there without a gap. */
  end: number;
  pieces: { start: number; end: number }[];
  state: 'collect' | 'syn' | 'replay';
  hello: Hello;
  /** The window of the client's last segment, as it was sent. */
  window: number;
  /** Of the target. */
  mss: number;
  /** Of header and bytes. */
  sent: number;
  acked: number;
  /** The target may have what it lacks sent once more by acknowledging the same number again. */
  mayAsk: boolean;
}

/** Begins to hold. */
export function newHeld(
  place: Pick<Held, 'client' | 'slot'>,
  isn: number,
  cookie: number,
  offer: Offer,
): Held {
  return {
    ...place,
    busy: false,
    isn,
    cookie,
    offer,
    bytes: new Uint8Array(ROOM),
    header: new Uint8Array(),
    end: 0,
    pieces: [],
    state: 'collect',
    hello: 'more',
    window: 0,
    mss: 536,
    sent: 0,
    acked: 0,
    mayAsk: false,
  };
}

/** Adds bytes at an offset of the stream; false if they do not belong there. */
export function hold(held: Held, offset: number, payload: Uint8Array): boolean {
  if (offset >= ROOM) return false;
  const kept = payload.subarray(0, ROOM - offset);
  held.bytes.set(kept, offset);
  note(held, offset, offset + kept.length);
  return true;
}

/** Reads the name in what is there. */
export function look(held: Held): void {
  if (held.hello === 'more') held.hello = readHello(held.bytes.subarray(0, held.end));
}

function note(held: Held, start: number, end: number): void {
  if (start > held.end) {
    const touched = held.pieces.find((piece) => start <= piece.end && end >= piece.start);
    if (touched) {
      touched.start = Math.min(start, touched.start);
      touched.end = Math.max(end, touched.end);
    } else if (held.pieces.length < MOST_PIECES) {
      held.pieces.push({ start, end });
    }
    return;
  }
  held.end = Math.max(held.end, end);
  for (let joined = held.pieces.find(joins); joined; joined = held.pieces.find(joins)) {
    const gone = joined;
    held.end = Math.max(held.end, gone.end);
    held.pieces = held.pieces.filter((piece) => piece !== gone);
  }

  function joins(piece: { readonly start: number }): boolean {
    return piece.start <= held.end;
  }
}
