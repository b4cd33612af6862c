import { describe, expect, it } from 'vitest';
import { costResults, measurementOf } from './results.ts';

const figure = { id: 'connections', title: 'connections a second', unit: '1/s', better: 'more' } as const;

describe('measurementOf', () => {
  it('compares every contender with every other, round by round', () => {
    const { results } = measurementOf(figure, [
      { contender: 'plain', samples: [100, 10, 100] },
      { contender: 'nftables', samples: [50, 5, 40] },
    ]);
    expect(results).toEqual([
      {
        contender: 'plain',
        median: 100,
        min: 10,
        max: 100,
        samples: [100, 10, 100],
        ratioTo: { nftables: 2 },
      },
      { contender: 'nftables', median: 40, min: 5, max: 50, samples: [50, 5, 40], ratioTo: { plain: 0.5 } },
    ]);
  });
});

describe('costResults', () => {
  it('compares each case with the bare look-up of as many flows', () => {
    const results = costResults([
      { case: 'bare', flows: 1, ns: [40, 50] },
      { case: 'established', flows: 1, ns: [80, 100] },
      { case: 'bare', flows: 100, ns: [200, 200] },
      { case: 'established', flows: 100, ns: [300, 300] },
    ]);
    expect(results.map(({ ratioToBare }) => ratioToBare)).toEqual([1, 2, 1, 1.5]);
  });
});
