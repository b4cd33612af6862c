import { z } from 'zod';
import type { HeldRow, HoldRow, SlotRow, StreamRow } from '../../engines/index.ts';
import { parseTuple } from './endpoint.ts';
import { hex, payloadBytes } from './packet.ts';
import { notation } from './syntax.ts';

const count = z.number().int().min(0);
/** So many bytes (1, 2, 3, ...), or these bytes in hex. */
const bytes = z.union([count, hex]).transform((value) => payloadBytes(value).toString('hex'));
/** The turn of all slots; that of who has lost his was an earlier one. */
const TURN = 2;

const held = z.strictObject({
  held: notation(parseTuple),
  /** Default: by its position. */
  slot: count.optional(),
  state: z.enum(['collect', 'syn', 'replay', 'lost']).default('collect'),
  /** Another CPU is adding to it right now. */
  busy: z.boolean().default(false),
  /** The number that the client began with, and the cookie that answered it, which tells what its SYN offered. */
  isn: count.default(1000),
  cookie: count.default(0),
  bytes: bytes.default(''),
  /** Bytes behind a gap, each by its offset from the client's first byte. */
  pieces: z.array(z.strictObject({ at: count, bytes })).default([]),
  window: count.default(0),
  mss: count.default(536),
  /** Bytes of the target's header, and the name that was read. */
  header: count.default(0),
  name: z.string().optional(),
  /** Of header and bytes. */
  sent: count.default(0),
  acked: count.default(0),
  /** The target may ask for what it lacks once more. */
  asks: z.boolean().default(false),
});
type Held = z.infer<typeof held>;

/** Connections whose bytes are held: as tables, and as they are told of. */
export interface HeldTables {
  readonly held: readonly HeldRow[];
  readonly slots: Readonly<Record<number, SlotRow>>;
  readonly holds: readonly HoldRow[];
}

/** Rows of what is held: `{held: CLIENT > LISTENER, state: replay, bytes: 3000, ...}`; see test/vectors/README.md. */
export const heldRows = z.array(held).transform((all): HeldTables => {
  const placed = all.map((row, position) => ({ ...row, slot: row.slot ?? position }));
  return {
    held: placed.map(({ held: client, slot, state }) => ({
      client,
      slot,
      turn: state === 'lost' ? TURN - 1 : TURN,
      ageNs: 0n,
    })),
    slots: Object.fromEntries(placed.flatMap((row) => slotOf(row))),
    holds: placed.map(({ held: client, slot, state, ...row }) => ({
      client,
      slot,
      state,
      ...(state !== 'lost' && { stream: streamOf(row) }),
    })),
  };
});

/** A slot that was lost is somebody's: of another row here, or of nobody any more. */
function slotOf({ slot, state, busy, ...row }: Held & { slot: number }): readonly [number, SlotRow][] {
  return state === 'lost' ? [] : [[slot, { turn: TURN, state, busy, stream: streamOf(row) }]];
}

function streamOf(row: Omit<Held, 'held' | 'slot' | 'state' | 'busy'>): StreamRow {
  const { name, cookie, ...rest } = row;
  const scale = (cookie >>> 2) & 15;
  return {
    isn: rest.isn,
    cookie,
    bytes: rest.bytes,
    pieces: rest.pieces,
    window: rest.window,
    scale: scale === 15 ? null : scale,
    mss: rest.mss,
    header: rest.header,
    ...(name !== undefined && { name }),
    sent: rest.sent,
    acked: rest.acked,
    mayAsk: rest.asks,
  };
}
