import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillRotation } from './rotation.ts';

const pool = (...weights: readonly number[]) =>
  weights.map((weight, index) => ({ id: index, key: `10.0.0.${index}:80`, weight }));

/** By how much any target is ahead of its share, or behind it, after any number of slots from the first on. */
function largestLag(weights: readonly number[], slots: Uint32Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const had = weights.map(() => 0);
  let largest = 0;
  for (const [slot, id] of slots.entries()) {
    had[id] = (had[id] ?? 0) + 1;
    for (const [index, weight] of weights.entries()) {
      largest = Math.max(largest, Math.abs((had[index] ?? 0) - (weight / total) * (slot + 1)));
    }
  }
  return largest;
}

describe('a rotation', () => {
  it('of equal weights has every target once, in their order', () => {
    expect([...fillRotation(pool(1, 1, 1, 1))]).toEqual([0, 1, 2, 3]);
    expect([...fillRotation(pool(25, 25, 25, 25))]).toEqual([0, 1, 2, 3]);
  });

  it('of 50/30/20 has ten slots in which the targets alternate', () => {
    expect([...fillRotation(pool(50, 30, 20))]).toEqual([0, 1, 0, 2, 0, 1, 0, 1, 0, 2]);
  });

  it('leaves out who has no weight, and has all when nobody has any', () => {
    expect([...fillRotation(pool(50, 0, 50))]).toEqual([0, 2]);
    expect([...fillRotation(pool(0, 0))]).toEqual([0, 1]);
    expect([...fillRotation([])]).toEqual([]);
    expect([...fillRotation(pool(7))]).toEqual([0]);
  });

  it('follows weights that factors have made fractions', () => {
    expect([...fillRotation(pool(50, 12.5))]).toEqual([0, 0, 0, 0, 1]);
    expect([...fillRotation(pool(100 / 3, 100 / 3, 100 / 3))]).toEqual([0, 1, 2]);
  });

  it('is never one connection off anybody share, wherever it is stopped', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(weights, (list) => {
        expect(largestLag(list, fillRotation(pool(...list)))).toBeLessThan(1);
      }),
    );
  });

  it('comes near weights that have no short round', () => {
    const weights = [1, Math.SQRT2, Math.PI];
    const slots = fillRotation(pool(...weights));
    expect(slots).toHaveLength(4096);
    expect(largestLag(weights, slots)).toBeLessThan(2);
  });

  it('is made within moments for a thousand targets of which some recover', () => {
    const weights = Array.from({ length: 1000 }, (_, index) => (index < 10 ? 0.25 : 1));
    expect(fillRotation(pool(...weights))).toHaveLength(3970);
  });
});
