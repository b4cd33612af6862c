import { describe, expect, it } from 'vitest';
import { alternate } from './rounds.ts';

describe('alternate', () => {
  it('takes turns and keeps the samples of each contender together', async () => {
    const order: string[] = [];
    const samples = await alternate(
      ['a', 'b'],
      3,
      async (contender) => {
        order.push(contender);
        return `${contender}${order.length}`;
      },
      () => undefined,
    );
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(samples).toEqual([
      ['a1', 'a3', 'a5'],
      ['b2', 'b4', 'b6'],
    ]);
  });

  it('tells how far it is before each measurement', async () => {
    const steps: string[] = [];
    await alternate(
      ['a', 'b'],
      2,
      async () => 0,
      (done, all) => steps.push(`${done}/${all}`),
    );
    expect(steps).toEqual(['0/4', '1/4', '2/4', '3/4']);
  });

  it('stops at the first failure', async () => {
    let measured = 0;
    const failing = async () => {
      measured++;
      throw new Error('no traffic');
    };
    await expect(alternate(['a', 'b'], 3, failing, () => undefined)).rejects.toThrow('no traffic');
    expect(measured).toBe(1);
  });
});
