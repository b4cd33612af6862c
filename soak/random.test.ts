import { expect, it } from 'vitest';
import { between, onceIn, percentages, randomFrom, someOf } from './random.ts';

const many = <T>(make: () => T) => Array.from({ length: 300 }, make);

it('chance is the same for the same seed, and another one for another', () => {
  const ten = (seed: number) => {
    const random = randomFrom(seed);
    return Array.from({ length: 10 }, random);
  };
  expect(ten(7)).toEqual(ten(7));
  expect(ten(7)).not.toEqual(ten(8));
  expect(ten(7).every((value) => value >= 0 && value < 1)).toBe(true);
});

it('percentages are whole, positive and sum to 100, however many there are', () => {
  const random = randomFrom(1);
  for (const count of [1, 2, 3, 50, 100]) {
    for (const weights of many(() => percentages(random, count))) {
      const areWholeAndPositive = weights.every((weight) => Number.isInteger(weight) && weight > 0);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      expect({ count: weights.length, areWholeAndPositive, sum }).toEqual({
        count,
        areWholeAndPositive: true,
        sum: 100,
      });
    }
  }
});

it('some of a list is never nothing, keeps the order, and is everything now and then', () => {
  const random = randomFrom(2);
  const choices = new Set(many(() => someOf(random, ['a', 'b', 'c']).join('')));
  expect([...choices].sort()).toEqual(['a', 'ab', 'abc', 'ac', 'b', 'bc', 'c']);
});

it('numbers between two bounds reach both, and once in eight times is about that', () => {
  const random = randomFrom(3);
  expect([...new Set(many(() => between(random, 3, 6)))].sort()).toEqual([3, 4, 5, 6]);
  const hits = many(() => onceIn(random, 8)).filter(Boolean).length;
  expect(hits).toBeGreaterThan(15);
  expect(hits).toBeLessThan(65);
});
