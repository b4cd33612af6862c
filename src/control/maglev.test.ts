import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSlots, slotCount, type WeightedTarget } from './maglev.ts';

function targets(...weights: number[]): WeightedTarget[] {
  return weights.map((weight, index) => ({ id: index + 1, key: `10.0.0.${index + 1}:80`, weight }));
}

function shares(slots: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of slots) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function movedSlots(before: Uint32Array, after: Uint32Array): number {
  return before.reduce((moved, id, slot) => moved + (id === after[slot] ? 0 : 1), 0);
}

describe('fillSlots', () => {
  it('gives 50/30/20 of the slots to weights 50/30/20, to one slot', () => {
    const counts = shares(fillSlots(targets(50, 30, 20)));
    expect([...counts].sort().map(([, count]) => count)).toEqual([511, 306, 204]);
  });

  it('gives a single target one slot and no target none', () => {
    expect([...fillSlots(targets(7))]).toEqual([1]);
    expect(fillSlots([])).toHaveLength(0);
  });

  it('leaves out a target of weight 0, and treats all alike when every weight is 0', () => {
    expect([...shares(fillSlots(targets(100, 0))).keys()]).toEqual([1]);
    expect([...shares(fillSlots(targets(0, 0))).values()].sort()).toEqual([510, 511]);
  });

  it('moves only a few slots more than it must when a target leaves', () => {
    const ten = targets(...Array<number>(10).fill(10));
    const before = fillSlots(ten);
    const moved = movedSlots(before, fillSlots(ten.map((t) => (t.id === 4 ? { ...t, weight: 0 } : t))));
    expect(moved).toBeGreaterThanOrEqual(102);
    expect(moved).toBeLessThan(102 * 2);
  });

  it('is exact to one slot for any weights, whatever the order of the targets', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(weights, (list) => {
        const total = list.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const size = slotCount(list.length);
        const counts = shares(fillSlots(targets(...list)));
        list.forEach((weight, index) => {
          const exact = (weight / total) * size;
          expect(Math.abs((counts.get(index + 1) ?? 0) - exact)).toBeLessThan(1);
        });
      }),
    );
  });
});

it('fills the tables that earlier versions filled: another table would move every flow that has its target by a hash', () => {
  const pool = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      id: n + 1,
      key: `10.2.${count}.${n + 1}:${8000 + n}`,
      weight: (n * 7 + count) % 11,
    }));
  const hash = createHash('sha256');
  const shapes = [
    [1, 1],
    [2, 1021],
    [3, 1021],
    [20, 2039],
    [45, 8191],
    [7, 65521],
  ] as const;
  for (const [count, size] of shapes) hash.update(Uint8Array.from(bytesOf(fillSlots(pool(count), size))));
  expect(hash.digest('hex')).toBe('d0dc838e35fd8c6bba65046654ccc2e05483953784581f9ab996caf4ebae2397');
});

/** Little endian, as the kernel's table has it. */
function* bytesOf(slots: Uint32Array): Iterable<number> {
  for (const id of slots) for (const shift of [0, 8, 16, 24]) yield (id >>> shift) & 0xff;
}

describe('a target that loses its weight, and gets it back', () => {
  const pool = (...weights: readonly number[]) =>
    weights.map((weight, id) => ({ id, key: `10.0.0.${id}:80`, weight }));

  it('moves hardly more slots than it must', () => {
    const full = fillSlots(pool(50, 30, 20));
    const without = fillSlots(pool(50, 0, 20));
    const others = full.reduce((sum, id, slot) => sum + (id !== 1 && without[slot] !== id ? 1 : 0), 0);
    expect(without.includes(1)).toBe(false);
    expect(others / full.length).toBeLessThan(0.05);
    expect(fillSlots(pool(50, 30, 20))).toEqual(full);
  });
});
