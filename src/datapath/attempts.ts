import { type BpfMap, possibleCpus, walkMap } from '../libbpf/index.ts';
import type { AttemptCounts } from './entries.ts';
import { readTargetCounters, TARGET_COUNTERS_SIZE } from './generated/abi.ts';
import { u32Key } from './u32-key.ts';

/** Entries of one call to the kernel. */
const MAX_CHUNK = 4096;

/** What became of attempts to connect, of the targets with ids from 0 to below `count`. @throws BpfError */
export async function readAttempts(map: BpfMap, count: number): Promise<readonly AttemptCounts[]> {
  const attempts: AttemptCounts[] = [];
  if (count === 0) return attempts;
  for await (const chunk of walkMap(map, { chunkEntries: Math.min(count, MAX_CHUNK) })) {
    const wanted = Math.min(chunk.count, count - attempts.length);
    for (let entry = 0; entry < wanted; entry++) {
      attempts.push(sumAttempts(chunk.values, entry * map.valueBytes));
    }
    if (attempts.length === count) break;
  }
  return attempts;
}

/** The counters of one target, summed over the CPUs whose values lie side by side from `offset` on. */
export function sumAttempts(values: Buffer, offset: number): AttemptCounts {
  const total = { answered: 0, established: 0, refused: 0, unanswered: 0 };
  for (let cpu = 0; cpu < possibleCpus(); cpu++) {
    const counters = readTargetCounters(values, offset + cpu * TARGET_COUNTERS_SIZE);
    total.answered += Number(counters.answered);
    total.established += Number(counters.established);
    total.refused += Number(counters.refused);
    total.unanswered += Number(counters.unanswered);
  }
  return total;
}

/** The counter of attempts that failed, of all targets, summed over the CPUs. @throws BpfError */
export function readFailures(map: BpfMap): bigint {
  const values = map.lookup(u32Key(0)) ?? Buffer.alloc(map.valueBytes);
  let sum = 0n;
  for (let cpu = 0; cpu < possibleCpus(); cpu++) sum += values.readBigUInt64LE(cpu * 8);
  return sum;
}
