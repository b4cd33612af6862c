/** Where bytes are held: which slot a connection gets, who loses his, and what a state says of all that. */
import { type HoldRow, joined, type State, type StreamRow } from '../../engines/index.ts';
import { addressHex, addressText } from '../address.ts';
import { type HexTuple, tupleKey } from '../packet.ts';
import { offerIn } from './cookie.ts';
import { type Held, newHeld } from './held.ts';
import { proxyHeader } from './proxy-header.ts';

/** How many slots there are, and how many of them in a row are tried. */
const SLOTS = 2048;
const TRIES = 16;

/** All that is held. */
export interface Slots {
  /** By the client's tuple. */
  readonly held: Map<string, Held>;
  /** Connections that have lost their slot, and do not know. */
  readonly lost: Map<string, Pick<Held, 'client' | 'slot'>>;
  /** Slots that are in use by nobody whom we know. */
  readonly taken: ReadonlyMap<number, { readonly busy: boolean }>;
  /** Whose turn it is to be given away. */
  next: number;
}

/**
 * A slot for a new connection: they are given away in turn, but for those that are in use. When too many in a row are, the
 * first of them is, and who had it has lost it. Undefined while somebody is adding to that one.
 */
export function takeSlot(slots: Slots): number | undefined {
  const inUse = new Map([
    ...slots.taken,
    ...[...slots.held.values()].map((held): [number, Held] => [held.slot, held]),
  ]);
  const first = slots.next;
  for (let tries = 0; tries < TRIES; tries++) {
    const slot = slots.next;
    slots.next = (slots.next + 1) % SLOTS;
    if (!inUse.has(slot)) return slot;
  }
  slots.next = (slots.next + 1) % SLOTS;
  if (inUse.get(first)?.busy) return undefined;
  for (const [key, held] of slots.held) {
    if (held.slot !== first) continue;
    slots.held.delete(key);
    slots.lost.set(key, held);
  }
  return first;
}

/** Fills the slots from a state. */
export function loadSlots({ held = [], slots = {} }: State): Slots {
  const all: Slots = { held: new Map(), lost: new Map(), taken: new Map(), next: 0 };
  const taken = new Map(Object.entries(slots).map(([index, row]) => [Number(index), row]));
  for (const { client, slot, turn } of held) {
    const tuple = {
      ...client,
      source: addressHex(client.source),
      destination: addressHex(client.destination),
    };
    const row = taken.get(slot);
    const key = tupleKey('tcp', tuple);
    const place = { client: tuple, slot };
    if (!row || row.turn !== turn || row.state === 'free' || !row.stream) all.lost.set(key, place);
    else all.held.set(key, { ...heldOf(row.stream, place, row.state), busy: row.busy });
  }
  const known = new Set([...all.held.values()].map(({ slot }) => slot));
  const others = [...taken].filter(
    ([index, { state, busy }]) => !known.has(index) && (state !== 'free' || busy),
  );
  return { ...all, taken: new Map(others) };
}

/** Rows of what is held, and of what was. */
export function holdRows({ held, lost }: Slots): readonly HoldRow[] {
  return [
    ...[...held.values()].map(
      (each): HoldRow => ({ ...placeOf(each), state: each.state, stream: streamOf(each) }),
    ),
    ...[...lost.values()].map((each): HoldRow => ({ ...placeOf(each), state: 'lost' })),
  ];
}

function placeOf({ client, slot }: Pick<Held, 'client' | 'slot'>): Pick<HoldRow, 'client' | 'slot'> {
  const { source, destination } = client;
  return { slot, client: { ...client, source: addressText(source), destination: addressText(destination) } };
}

function heldOf(
  row: StreamRow,
  place: { readonly client: HexTuple; readonly slot: number },
  state: Held['state'],
): Held {
  const held = newHeld(place, row.isn, row.cookie, offerIn(row.cookie));
  const first = Buffer.from(row.bytes, 'hex');
  held.bytes.set(first);
  for (const piece of row.pieces) held.bytes.set(Buffer.from(piece.bytes, 'hex'), piece.at);
  const { name } = row;
  return {
    ...held,
    state,
    header: row.header > 0 ? proxyHeader(place.client, name) : new Uint8Array(),
    end: first.length,
    pieces: row.pieces.map(({ at, bytes }) => ({ start: at, end: at + bytes.length / 2 })),
    hello:
      name === undefined
        ? state === 'collect'
          ? 'more'
          : 'none'
        : { name: name.toLowerCase(), asked: name },
    window: row.window,
    mss: row.mss,
    sent: row.sent,
    acked: row.acked,
    mayAsk: row.mayAsk,
  };
}

function streamOf(held: Held): StreamRow {
  const hex = (start: number, end: number) => Buffer.from(held.bytes.subarray(start, end)).toString('hex');
  return {
    isn: held.isn,
    cookie: held.cookie,
    bytes: hex(0, held.end),
    pieces: joined(held.pieces).map(({ start, end }) => ({ at: start, bytes: hex(start, end) })),
    window: held.window,
    scale: held.offer.scale,
    mss: held.mss,
    header: held.header.length,
    ...(typeof held.hello === 'object' && { name: held.hello.asked }),
    sent: held.sent,
    acked: held.acked,
    mayAsk: held.mayAsk,
  };
}
