import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rescale } from './rescale.ts';

describe('rescale', () => {
  it.each([
    [[50, 30], 100, [63, 37]],
    [[50, 30, 20], 80, [40, 24, 16]],
    [[1, 1, 1], 100, [34, 33, 33]],
    [[99, 1], 50, [49, 1]],
    [[1, 1], 2, [1, 1]],
    [[1, 1, 1], 2, null],
    [[], 0, []],
  ])('shares %j as %i percent: %j', (weights, total, expected) => {
    expect(rescale(weights, total)).toEqual(expected);
  });

  it('gives everybody at least 1, the whole in sum, and nobody more than a heavier one', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 100, max: 1000 }), (list, total) => {
        const shares = rescale(list, total) ?? [];
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(1);
        for (const [i, a] of list.entries())
          for (const [j, b] of list.entries())
            if (a > b) expect(shares[i]).toBeGreaterThanOrEqual(shares[j] ?? 0);
      }),
    );
  });
});
