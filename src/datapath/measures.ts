import { type BpfMap, possibleCpus, walkMap } from '../libbpf/index.ts';
import { sumTargetCounts } from './counters.ts';
import type { TargetCounts } from './entries.ts';
import { type LatencyCounts, readLatencies } from './latency.ts';
import { lruSlack } from './table-sizes.ts';

/** The maps that are measured as a whole. */
export interface MeasuredMaps {
  readonly targetStats: BpfMap;
  readonly connectLatencies: BpfMap;
  readonly pending: BpfMap;
}

/** Values of single CPUs that are summed between two turns of the event loop: a millisecond's work or two. */
const VALUES_PER_TURN = 1024;

/** What is read of all targets at once: in few calls to the kernel, and in pieces that hold nobody up. */
export class Measures {
  readonly #maps: MeasuredMaps;

  constructor(maps: MeasuredMaps) {
    this.#maps = maps;
  }

  /** New flows that can wait to be proven at one time. */
  get maxPending(): number {
    return Math.floor((this.#maps.pending.info.maxEntries - lruSlack()) / 2);
  }

  /** How long the targets with ids from 0 to below `count` took to answer SYNs, ever. @throws BpfError */
  latencies(count: number): Promise<readonly LatencyCounts[]> {
    return readLatencies(this.#maps.connectLatencies, count);
  }

  /** Counters of the targets with ids from 0 to below `count`. @throws BpfError */
  async targetCounts(count: number): Promise<readonly TargetCounts[]> {
    const map = this.#maps.targetStats;
    const all: TargetCounts[] = [];
    if (count === 0) return all;
    const perTurn = Math.max(1, Math.floor(VALUES_PER_TURN / possibleCpus()));
    for await (const chunk of walkMap(map, { chunkEntries: Math.min(count, perTurn) })) {
      const wanted = Math.min(chunk.count, count - all.length);
      for (let entry = 0; entry < wanted; entry++) {
        all.push(sumTargetCounts(chunk.values, entry * map.valueBytes));
      }
      if (all.length === count) break;
    }
    return all;
  }
}
