import { type BpfMap, possibleCpus, walkMap } from '../libbpf/index.ts';
import { decodeAddress } from './address.ts';
import {
  RATE_BUCKET_SIZE,
  RATE_COUNTERS_SIZE,
  readRateBucket,
  readRateCounters,
  readRateSourceKey,
} from './generated/abi.ts';
import { u32Key } from './u32-key.ts';

/** Packets that a proxy dropped because of limits, ever. */
export interface RateDrops {
  readonly source: number;
  readonly target: number;
}

/** What a limit has refused. */
export interface Refusals {
  readonly refused: number;
  /** When the last one was, CLOCK_MONOTONIC; 0: never. */
  readonly refusedNs: bigint;
}

/** The same of a source at a proxy. */
export interface SourceRefusals extends Refusals {
  readonly proxyId: number;
  /** Address without the bits that do not make the source. */
  readonly source: string;
}

/** The maps in which limits stand. */
export interface RateMaps {
  readonly rateSource: BpfMap;
  readonly rateTarget: BpfMap;
  readonly rateStats: BpfMap;
}

/** What limits on new flows have refused. */
export class Rates {
  readonly #maps: RateMaps;

  constructor(maps: RateMaps) {
    this.#maps = maps;
  }

  /** Packets that a proxy dropped, summed over the CPUs. */
  drops(proxyId: number): RateDrops {
    const { rateStats } = this.#maps;
    const values = rateStats.lookup(u32Key(proxyId)) ?? Buffer.alloc(rateStats.valueBytes);
    const total = { source: 0, target: 0 };
    for (let cpu = 0; cpu < possibleCpus(); cpu++) {
      const { source, target } = readRateCounters(values, cpu * RATE_COUNTERS_SIZE);
      total.source += Number(source);
      total.target += Number(target);
    }
    return total;
  }

  /** What the limit of a target has refused. */
  targetRefusals(targetId: number): Refusals {
    return refusalsOf(this.#maps.rateTarget.lookup(u32Key(targetId)) ?? Buffer.alloc(RATE_BUCKET_SIZE));
  }

  /** Sources that were refused since a time of CLOCK_MONOTONIC, in no order; reads the whole table, chunk by chunk. */
  async sourceRefusals(sinceNs: bigint): Promise<SourceRefusals[]> {
    const { rateSource } = this.#maps;
    const { keySize, valueSize } = rateSource.info;
    const found: SourceRefusals[] = [];
    for await (const { count, keys, values } of walkMap(rateSource)) {
      for (let row = 0; row < count; row++) {
        const refusals = refusalsOf(values.subarray(row * valueSize, (row + 1) * valueSize));
        if (refusals.refusedNs < sinceNs || refusals.refused === 0) continue;
        const { proxy, source } = readRateSourceKey(keys.subarray(row * keySize, (row + 1) * keySize));
        found.push({ ...refusals, proxyId: proxy, source: decodeAddress(source.bytes) });
      }
    }
    return found;
  }
}

function refusalsOf(value: Buffer): Refusals {
  const { refused, refusedNs } = readRateBucket(value);
  return { refused: Number(refused), refusedNs };
}
