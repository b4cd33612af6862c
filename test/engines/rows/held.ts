import {
  LATE_ENTRY_SIZE,
  LATE_SLOT_SIZE,
  readFlowKey,
  readLateEntry,
  readLateSlot,
  writeLateEntry,
  writeLateSlot,
} from '../../../src/datapath/generated/abi.ts';
import { u32Key } from '../../../src/datapath/u32-key.ts';
import type { HeldRow, HoldRow, SlotRow } from '../model/held.ts';
import type { AddressCodec } from './addresses.ts';
import type { Entry } from './entry.ts';
import { encodeKey, tuple } from './flow.ts';
import { decodeStream, encodeStream } from './stream.ts';

/** `enum late_state` of bpf/maps.h. */
const STATES = ['free', 'collect', 'syn', 'replay'] as const;

/** The entry of `late` for a connection whose bytes are held, at `nowNs`. */
export function encodeHeld(row: HeldRow, nowNs: bigint, addresses: AddressCodec): Entry {
  const value = Buffer.alloc(LATE_ENTRY_SIZE);
  writeLateEntry({ slot: row.slot, turn: row.turn, sinceNs: nowNs - row.ageNs }, value);
  return { key: encodeKey('tcp', row.client, addresses), value };
}

/** What an entry of `late` says at `nowNs`. */
export function decodeHeld({ key, value }: Entry, nowNs: bigint, addresses: AddressCodec): HeldRow {
  const { slot, turn, sinceNs } = readLateEntry(value);
  return { client: tuple(readFlowKey(key), addresses), slot, turn, ageNs: nowNs - sinceNs };
}

/** The entry of `late_slots` for a slot. */
export function encodeSlot(index: number, { turn, state, busy, stream }: SlotRow): Entry {
  const value = Buffer.alloc(LATE_SLOT_SIZE);
  const empty = readLateSlot(value);
  const content = stream ? encodeStream(stream, empty, state !== 'collect') : empty;
  writeLateSlot({ ...content, turn, state: STATES.indexOf(state), busy: busy ? 1 : 0 }, value);
  return { key: u32Key(index), value };
}

/** What a value of `late_slots` says, but for its bytes. @throws RangeError for a state that there is not */
export function decodeSlot(value: Buffer): SlotRow {
  const { turn, state, busy } = readLateSlot(value);
  const name = STATES[state];
  if (name === undefined) throw new RangeError(`a slot is in state ${state}`);
  return { turn, state: name, busy: busy !== 0 };
}

/**
 * The connections of entries of `late`, with what the slots that they name hold.
 * @param slotAt the value of `late_slots` for an index
 */
export function decodeHolds(
  entries: readonly Entry[],
  slotAt: (index: number) => Buffer | undefined,
  addresses: AddressCodec,
): readonly HoldRow[] {
  return entries.map(({ key, value }) => {
    const { slot: index, turn } = readLateEntry(value);
    const about = { client: tuple(readFlowKey(key), addresses), slot: index };
    const bytes = slotAt(index);
    const slot = bytes && readLateSlot(bytes);
    const state = STATES[slot?.state ?? 0] ?? 'free';
    if (!slot || slot.turn !== turn || state === 'free') return { ...about, state: 'lost' };
    return { ...about, state, stream: decodeStream(slot) };
  });
}
