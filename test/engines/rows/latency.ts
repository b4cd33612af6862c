import { CONNECT_LATENCY_SIZE, readConnectLatency } from '../../../src/datapath/generated/abi.ts';
import type { TargetDelta } from '../model.ts';

/** What the histogram of one target says, or by how much it grew. */
export interface LatencyCounts {
  readonly sumNs: bigint;
  /** Ascending. */
  readonly buckets: readonly bigint[];
}

const EPOCH_SHIFT = 30n;
/** 16 microseconds, and what no bucket but the last one takes. */
const [FIRST, LAST] = [14, 33];

/** A value of `latencies`. */
export function decodeLatency(value: Buffer): LatencyCounts {
  const { sumNs, buckets } = readConnectLatency(value.subarray(0, CONNECT_LATENCY_SIZE), 0);
  return { sumNs, buckets };
}

/** What one packet may have added, judged without a look at how the kernel does it. */
export function latencyDelta(
  { sumNs, buckets }: LatencyCounts,
  answered: number,
): Pick<TargetDelta, 'connectEpochs' | 'mismeasured'> {
  const counted = buckets.reduce((sum, count) => sum + count, 0n);
  const isRight =
    counted === BigInt(answered) &&
    (counted === 0n ? sumNs === 0n : counted === 1n && buckets[bucketOf(sumNs)] === 1n);
  return { connectEpochs: Number(sumNs >> EPOCH_SHIFT), mismeasured: isRight ? 0 : 1 };
}

/** The first bucket whose bound is not exceeded. */
function bucketOf(ns: bigint): number {
  for (let power = FIRST; power <= LAST; power++) if (ns <= 2n ** BigInt(power)) return power - FIRST;
  return LAST - FIRST + 1;
}
