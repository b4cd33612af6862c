import { type BpfMap, walkMap } from '../libbpf/index.ts';
import { CONNECT_LATENCY_SIZE, LatencyScale, readConnectLatency } from './generated/abi.ts';

/** How long a target took to answer SYNs, ever. */
export interface LatencyCounts {
  /** Nanoseconds, of all answers. */
  readonly sumNs: number;
  /** Answers in each bucket alone, as {@link LATENCY_BOUNDS_NS} says; the last is for what took longer. */
  readonly buckets: readonly number[];
}

/** Upper bounds of the buckets, nanoseconds: powers of two. */
export const LATENCY_BOUNDS_NS: readonly number[] = Array.from(
  { length: LatencyScale.buckets - 1 },
  (_, bucket) => 2 ** (LatencyScale.firstShift + bucket),
);

/** A target that never answered. */
export const NO_LATENCY: LatencyCounts = {
  sumNs: 0,
  buckets: new Array<number>(LatencyScale.buckets).fill(0),
};

/** Entries that are read between two turns of the event loop. */
const ENTRIES_PER_TURN = 512;

/** The latencies of the targets with ids from 0 to below `count`. @throws BpfError */
export async function readLatencies(map: BpfMap, count: number): Promise<readonly LatencyCounts[]> {
  const all: LatencyCounts[] = [];
  if (count === 0) return all;
  for await (const chunk of walkMap(map, { chunkEntries: Math.min(count, ENTRIES_PER_TURN) })) {
    const wanted = Math.min(chunk.count, count - all.length);
    for (let entry = 0; entry < wanted; entry++) {
      const { sumNs, buckets } = readConnectLatency(chunk.values, entry * CONNECT_LATENCY_SIZE);
      all.push({ sumNs: Number(sumNs), buckets: buckets.map(Number) });
    }
    if (all.length === count) break;
  }
  return all;
}
