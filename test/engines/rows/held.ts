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
import type { HeldRow, SlotRow } from '../model/held.ts';
import type { AddressCodec } from './addresses.ts';
import type { Entry } from './entry.ts';
import { encodeKey, tuple } from './flow.ts';

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

/** The entry of `late_slots` for a slot that holds no bytes yet. */
export function encodeSlot(index: number, { turn, state, busy }: SlotRow): Entry {
  const value = Buffer.alloc(LATE_SLOT_SIZE);
  const empty = readLateSlot(value);
  writeLateSlot({ ...empty, turn, state: STATES.indexOf(state), busy: busy ? 1 : 0 }, value);
  return { key: u32Key(index), value };
}

/** What a value of `late_slots` says, but for its bytes. @throws RangeError for a state that there is not */
export function decodeSlot(value: Buffer): SlotRow {
  const { turn, state, busy } = readLateSlot(value);
  const name = STATES[state];
  if (name === undefined) throw new RangeError(`a slot is in state ${state}`);
  return { turn, state: name, busy: busy !== 0 };
}
