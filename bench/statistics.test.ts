import { describe, expect, it } from 'vitest';
import { median, pairedRatio, summarise } from './statistics.ts';

describe('median', () => {
  it('is the middle of an odd number of values, whatever their order', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([100, 20, 3])).toBe(20);
  });
  it('is the mean of the two middle ones of an even number', () => expect(median([4, 1, 2, 9])).toBe(3));
  it('leaves its argument as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
  it('is NaN of nothing', () => expect(median([])).toBeNaN());
});

describe('summarise', () => {
  it('keeps the samples in the order of the rounds', () =>
    expect(summarise([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5, samples: [5, 1, 3] }));
});

describe('pairedRatio', () => {
  it('compares within a round, so that a slow round changes nothing', () => {
    const fast = [200, 20, 220];
    const slow = [100, 10, 110];
    expect(pairedRatio(fast, slow)).toBe(2);
  });
});
