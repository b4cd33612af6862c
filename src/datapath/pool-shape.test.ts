import { expect, it } from 'vitest';
import { decodeShape, encodeShape } from './pool-shape.ts';

it('keeps the algorithm and the count of slots of a pool in one number', () => {
  for (const algorithm of ['weighted-random', 'source-hash', 'maglev', 'round-robin'] as const) {
    for (const slotCount of [0, 1, 131_071, 2 ** 24 - 1]) {
      expect(decodeShape(encodeShape({ algorithm, slotCount }))).toEqual({ algorithm, slotCount });
    }
  }
  expect(encodeShape({ algorithm: 'weighted-random', slotCount: 7 })).toBe(7);
  expect(encodeShape({ algorithm: 'round-robin', slotCount: 7 })).toBe(0x0300_0007);
});
