import { describe, expect, it } from 'vitest';
import { fillSlots } from './maglev.ts';
import { SlotMemo } from './slot-memo.ts';

const pool = (weight: number) => [
  { id: 1, key: '10.0.0.1:80', weight },
  { id: 2, key: '10.0.0.2:80', weight: 1 },
];

describe('remembered slots', () => {
  it('are what filling gives, and are not filled again while weights and targets stay', () => {
    const memo = new SlotMemo();
    const first = memo.fill(pool(1));
    expect(first).toEqual(fillSlots(pool(1)));
    memo.endPlan();
    expect(memo.fill(pool(1))).toBe(first);
    expect(memo.fill(pool(2))).toEqual(fillSlots(pool(2)));
    expect(memo.fill([{ id: 3, key: '10.0.0.1:80', weight: 1 }])).toEqual(new Uint32Array([3]));
  });

  it('are forgotten when a whole plan did without them', () => {
    const memo = new SlotMemo();
    const first = memo.fill(pool(1));
    memo.endPlan();
    memo.endPlan();
    expect(memo.fill(pool(1))).not.toBe(first);
  });
});
