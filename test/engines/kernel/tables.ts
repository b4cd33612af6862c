import { readLateEntry } from '../../../src/datapath/generated/abi.ts';
import type { BpfMap } from '../../../src/libbpf/index.ts';
import { updateBatch } from '../../../src/libbpf/index.ts';
import type { Outcome, State } from '../model.ts';
import {
  type AddressCodec,
  decodeFlows,
  decodeFragments,
  decodeHolds,
  decodeSourceBuckets,
  decodeTargetBuckets,
  type Entry,
  encodeState,
  STATE_MAPS,
  u32Key,
} from '../rows/index.ts';
import type { LoadedPrograms } from './loaded-programs.ts';

/** Writes a state into the maps of loaded programs and reads back what became of it. */
export class KernelTables {
  readonly #programs: LoadedPrograms;
  readonly #addresses: AddressCodec;
  /** Entries of arrays that the state before wrote, by the name of the map. */
  readonly #written = new Map<string, number>();
  /** Slots of held bytes that are not empty, or were not. */
  #usedSlots: Set<number> = new Set();

  constructor(programs: LoadedPrograms, addresses: AddressCodec) {
    this.#programs = programs;
    this.#addresses = addresses;
  }

  /** Makes the tables hold `state` at `nowNs` (CLOCK_MONOTONIC), and nothing else. */
  fill(state: State, nowNs: bigint): void {
    const entries = encodeState(state, nowNs, this.#addresses);
    for (const { value } of entriesOf(this.#programs.maps.late)) {
      this.#usedSlots.add(readLateEntry(value).slot);
    }
    for (const name of STATE_MAPS) {
      const map = this.#programs.maps[name];
      if (map.info.type === 'array') this.#clearArray(name, map);
      else for (const key of [...map.keys()]) map.delete(key);
      write(map, entries[name]);
      this.#written.set(name, entries[name].length);
    }
    this.#usedSlots = new Set(entries.late_slots.map(({ key }) => key.readUInt32LE(0)));
  }

  /** The rows that the programs change. */
  read(
    nowNs: bigint,
  ): Pick<Outcome, 'flows' | 'pending' | 'fragments' | 'held' | 'sourceBuckets' | 'targetBuckets'> {
    const { flows, pending, fragments, rate_source, rate_target, late } = this.#programs.maps;
    const targets = Array.from({ length: this.#written.get('rate_target') ?? 0 }, (_, id) => u32Key(id));
    return {
      flows: decodeFlows(entriesOf(flows), nowNs, this.#addresses),
      pending: decodeFlows(entriesOf(pending), nowNs, this.#addresses),
      fragments: decodeFragments(entriesOf(fragments), nowNs, this.#addresses),
      held: decodeHolds(entriesOf(late), (index) => this.#slotAt(index), this.#addresses),
      sourceBuckets: decodeSourceBuckets(entriesOf(rate_source), nowNs, this.#addresses),
      targetBuckets: decodeTargetBuckets(entriesAt(rate_target, targets), nowNs),
    };
  }

  #slotAt(index: number): Buffer | undefined {
    this.#usedSlots.add(index);
    return this.#programs.maps.late_slots.lookup(u32Key(index)) ?? undefined;
  }

  #clearArray(name: string, map: BpfMap): void {
    // Devices are always the world's, under the same keys.
    if (name === 'devices') return;
    const zero = Buffer.alloc(map.valueBytes);
    const written = Array.from({ length: this.#written.get(name) ?? 0 }, (_, index) => index);
    for (const index of name === 'late_slots' ? this.#usedSlots : written) map.update(u32Key(index), zero);
  }
}

function write(map: BpfMap, entries: readonly Entry[]): void {
  if (entries.length === 0) return;
  updateBatch(
    map,
    Buffer.concat(entries.map(({ key }) => key)),
    Buffer.concat(entries.map(({ value }) => value)),
  );
}

function entriesOf(map: BpfMap): readonly Entry[] {
  return entriesAt(map, [...map.keys()]);
}

function entriesAt(map: BpfMap, keys: readonly Buffer[]): readonly Entry[] {
  return keys.flatMap((key) => {
    const value = map.lookup(key);
    return value === null ? [] : [{ key, value }];
  });
}
