import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { objectPath } from '../../../src/datapath/index.ts';
import { MOVES, moveUnderTwoCpus, RUNS } from './moving-flow.ts';

describe.skipIf(availableParallelism() < 2)('a flow that one CPU moves out of `pending`', () => {
  it.each([false, true])('is not lost sight of by another, header to be sent: %s', async (held) => {
    const { passed_no_flow: lost, ...others } = await moveUnderTwoCpus(objectPath(), held);
    expect(lost).toBeUndefined();
    expect(sumOf(Object.values(others))).toBe(MOVES * RUNS * 2);
  });
});

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
