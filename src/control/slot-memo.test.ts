import { describe, expect, it } from 'vitest';
import { fillSlots } from './maglev.ts';
import { SlotMemo } from './slot-memo.ts';

const pool = (weight: number) => [
  { id: 1, key: '10.0.0.1:80', weight },
  { id: 2, key: '10.0.0.2:80', weight: 1 },
];

const RANDOM = { algorithm: 'weighted-random', hashTableSize: 61 } as const;

describe('remembered slots', () => {
  it('are what filling gives, and are not filled again while weights and targets stay', () => {
    const memo = new SlotMemo();
    const first = memo.fill(pool(1), RANDOM);
    expect(first).toEqual(fillSlots(pool(1)));
    memo.endPlan();
    expect(memo.fill(pool(1), RANDOM)).toBe(first);
    expect(memo.fill(pool(2), RANDOM)).toEqual(fillSlots(pool(2)));
    expect(memo.fill([{ id: 3, key: '10.0.0.1:80', weight: 1 }], RANDOM)).toEqual(new Uint32Array([3]));
  });

  it('are those of one algorithm and size', () => {
    const memo = new SlotMemo();
    const plans = [
      RANDOM,
      { ...RANDOM, algorithm: 'maglev' },
      { algorithm: 'maglev', hashTableSize: 31 },
      { ...RANDOM, algorithm: 'round-robin' },
    ] as const;
    const lengths = () => plans.map((plan) => memo.fill(pool(1), plan).length);
    expect(lengths()).toEqual([1021, 61, 31, 2]);
    expect(lengths()).toEqual([1021, 61, 31, 2]);
  });

  it('are forgotten when a whole plan did without them', () => {
    const memo = new SlotMemo();
    const first = memo.fill(pool(1), RANDOM);
    memo.endPlan();
    memo.endPlan();
    expect(memo.fill(pool(1), RANDOM)).not.toBe(first);
  });
});
