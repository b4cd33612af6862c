import { expect, it } from 'vitest';
import { IdAllocator } from './id-allocator.ts';

it('hands out the lowest ids that are not taken, each once, until there are none', () => {
  const ids = new IdAllocator('pools', 5, [1, 3]);
  expect([ids.take(), ids.take(), ids.take()]).toEqual([0, 2, 4]);
  expect(() => ids.take()).toThrow(
    expect.objectContaining({
      code: 'capacity',
      message: 'no room for more pools: the table holds 5',
      fix: expect.stringContaining('several instances'),
    }),
  );
});
