import { SLOTS_PER_BLOCK } from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';

/** A run of slots. */
export interface SlotRange {
  readonly slotBase: number;
  readonly slotCount: number;
}

/**
 * Hands out runs of the slots table. It goes round the table rather than back to what was freed a moment ago,
 * which a packet on another CPU may still be reading.
 */
export class SlotAllocator {
  readonly #blocks: number;
  readonly #taken: Uint8Array;
  #next = 0;

  /** @param slots size of the table */
  constructor(slots: number, taken: Iterable<SlotRange>) {
    this.#blocks = Math.floor(slots / SLOTS_PER_BLOCK);
    this.#taken = new Uint8Array(this.#blocks);
    for (const range of taken) this.#mark(range, 1);
  }

  /** @throws SluiceError `capacity` when no run is long enough. */
  take(slotCount: number): SlotRange {
    const need = blocksOf(slotCount);
    if (need === 0) return { slotBase: 0, slotCount };
    const first = this.#find(this.#next, need) ?? this.#find(0, need);
    if (first === undefined) {
      throw new SluiceError('capacity', `no room for a pool of ${slotCount} slots: the slots table is full`, {
        fix: 'lower settings.loadBalancing.hashTableSize (pools by hash), or spread the configuration over several instances',
      });
    }
    const range = { slotBase: first * SLOTS_PER_BLOCK, slotCount };
    this.#mark(range, 1);
    this.#next = first + need;
    return range;
  }

  free(range: SlotRange): void {
    this.#mark(range, 0);
  }

  /** First block of `need` free ones at or after `from`. */
  #find(from: number, need: number): number | undefined {
    let run = 0;
    for (let block = from; block < this.#blocks; block++) {
      run = this.#taken[block] === 0 ? run + 1 : 0;
      if (run === need) return block - need + 1;
    }
    return undefined;
  }

  #mark({ slotBase, slotCount }: SlotRange, value: 0 | 1): void {
    const first = slotBase / SLOTS_PER_BLOCK;
    this.#taken.fill(value, first, first + blocksOf(slotCount));
  }
}

function blocksOf(slotCount: number): number {
  return Math.ceil(slotCount / SLOTS_PER_BLOCK);
}
