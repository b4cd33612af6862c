import { describe, expect, it } from 'vitest';
import { judge } from './aims.ts';
import { costResults, measurementOf } from './results.ts';

const connections = {
  id: 'connections',
  title: 'connections a second',
  unit: '1/s',
  better: 'more',
} as const;

describe('judge', () => {
  it('says which aims are met and which are not', () => {
    const measurement = measurementOf(connections, [
      { contender: 'plain', samples: [100] },
      { contender: 'nftables', samples: [80] },
      { contender: 'sluice-native', samples: [110] },
    ]);
    const aims = judge([measurement], []);
    expect(aims.map(({ aim, met }) => [aim, met])).toEqual([
      [1, true],
      [1.5, false],
    ]);
  });

  it('wants the cost of an established packet to be small', () => {
    const cost = (ns: number) =>
      costResults([
        { case: 'bare', flows: 1, ns: [40] },
        { case: 'established', flows: 1, ns: [ns] },
        { case: 'lateEstablished', flows: 1, ns: [121] },
        { case: 'established', flows: 100_000, ns: [9999] },
      ]);
    expect(judge([], cost(120)).map(({ met }) => met)).toEqual([true, false]);
    expect(judge([], cost(121)).map(({ met }) => met)).toEqual([false, false]);
  });

  it('leaves out what was not measured', () => expect(judge([], [])).toEqual([]));
});
