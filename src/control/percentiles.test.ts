import { expect, it } from 'vitest';
import { percentile } from './percentiles.ts';

const bounds = [1, 2, 4];

it('is interpolated within a bucket, from the bound below it', () => {
  expect(percentile({ bounds, counts: [0, 0, 4, 0] }, 0.5)).toBe(3);
  expect(percentile({ bounds, counts: [2, 0, 0, 0] }, 0.5)).toBe(0.5);
  expect(percentile({ bounds, counts: [1, 1, 2, 0] }, 0.5)).toBe(2);
  expect(percentile({ bounds, counts: [50, 45, 5, 0] }, 0.95)).toBe(2);
  expect(percentile({ bounds, counts: [50, 45, 5, 0] }, 0.99)).toBeCloseTo(3.6);
});

it('of what is beyond all bounds is the last bound', () => {
  expect(percentile({ bounds, counts: [1, 0, 0, 9] }, 0.5)).toBe(4);
});

it('of nothing is nothing', () => {
  expect(percentile({ bounds, counts: [0, 0, 0, 0] }, 0.99)).toBeNull();
});
