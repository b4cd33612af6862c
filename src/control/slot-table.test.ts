import { describe, expect, it } from 'vitest';
import { fillSlotTable } from './slot-table.ts';

const HASH_TABLE_SIZE = 16_381;

const pool = (count: number, gone = -1) =>
  Array.from({ length: count }, (_, id) => ({ id, key: `10.0.0.${id}:80`, weight: id === gone ? 0 : 1 }));
const hashed = (count: number, gone?: number) =>
  fillSlotTable(pool(count, gone), { algorithm: 'maglev', hashTableSize: HASH_TABLE_SIZE });

describe('the slots of a pool with a hash', () => {
  it('are as many for two targets as for a hundred', () => {
    expect([hashed(2), hashed(10), hashed(100), hashed(163)].map(({ length }) => length)).toEqual([
      16_381, 16_381, 16_381, 16_381,
    ]);
    expect(hashed(1)).toHaveLength(1);
    expect(hashed(0)).toHaveLength(0);
  });

  it.each([10, 40, 100, 160])('of %i targets: less than 2 %% of the others move when one leaves', (count) => {
    const before = hashed(count);
    for (const gone of [0, Math.floor(count / 2), count - 1]) {
      // Taken out of the configuration, or out of service: the others must not care which.
      const targets = pool(count).filter(({ id }) => id !== gone);
      const left = fillSlotTable(targets, { algorithm: 'source-hash', hashTableSize: HASH_TABLE_SIZE });
      for (const after of [hashed(count, gone), left]) {
        expect(movedShare(before, after, gone)).toBeLessThan(0.02);
      }
    }
  });
});

it.each([
  { algorithm: 'weighted-random', slots: [1021, 131_071] },
  { algorithm: 'least-connections', slots: [1021, 16_381] },
  { algorithm: 'round-robin', slots: [3, 1000] },
] as const)('of 3 and of 1,000 targets with $algorithm there are $slots', ({ algorithm, slots }) => {
  const count = (targets: number) =>
    fillSlotTable(pool(targets), { algorithm, hashTableSize: HASH_TABLE_SIZE }).length;
  expect([count(3), count(1000)]).toEqual(slots);
});

/** Which part of the slots of all others has another target now. */
function movedShare(before: Uint32Array, after: Uint32Array, gone: number): number {
  const others = [...before.keys()].filter((slot) => before[slot] !== gone);
  return others.filter((slot) => before[slot] !== after[slot]).length / others.length;
}
