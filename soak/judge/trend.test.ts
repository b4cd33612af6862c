import { expect, it } from 'vitest';
import { trendOf } from './trend.ts';

it('a trend is the floor of the first quarter and that of the last', () => {
  expect(trendOf([9, 5, 7, 8, 1, 99, 6, 12])).toEqual({ from: 5, to: 6 });
});

it('what comes and goes is no growth', () => {
  const saw = Array.from({ length: 40 }, (_, index) => 100 + (index % 5));
  expect(trendOf(saw)).toEqual({ from: 100, to: 100 });
});

it('three samples make no trend', () => {
  expect(trendOf([1, 2, 3])).toBeNull();
});
