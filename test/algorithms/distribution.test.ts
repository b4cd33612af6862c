import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertNoLeaks, type KernelSnapshot, snapshotKernel } from '../../lab/index.ts';
import { expectShares } from '../support/index.ts';
import { Chooser, clients, connections, type Opening } from './chooser.ts';

/** Chi-square of 99 degrees of freedom that one run in a hundred thousand exceeds by chance. */
const CHI_SQUARE_99 = 167;
const EQUAL_100 = Array<number>(100).fill(1);
const WEIGHTS = { 0: 50, 1: 30, 2: 20 };

let before: KernelSnapshot;
let chooser: Chooser;
beforeAll(async () => {
  before = await snapshotKernel();
  chooser = await Chooser.create();
});
afterAll(async () => {
  chooser[Symbol.dispose]();
  await assertNoLeaks(before);
});

/** How far counts are from equal ones, in units of what chance does. */
function chiSquare(counts: Readonly<Record<string, number>>, targets: number): number {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const expected = total / targets;
  return Array.from({ length: targets }, (_, id) => ((counts[id] ?? 0) - expected) ** 2 / expected).reduce(
    (sum, each) => sum + each,
    0,
  );
}

describe.each(['weighted-random', 'maglev', 'source-hash'] as const)(
  '5,000 connections by %s',
  (algorithm) => {
    const openings = (family: 'v4' | 'v6') =>
      algorithm === 'source-hash' ? clients(5000, family) : connections(5000, clients(1, family)[0]?.client);

    it.each(['v4', 'v6'] as const)('are shared 50/30/20 over %s', (family) => {
      chooser.use(algorithm, [50, 30, 20], family);
      expectShares(chooser.count(openings(family)), WEIGHTS);
    });

    it('are spread over a hundred targets as chance would', () => {
      chooser.use(algorithm, EQUAL_100);
      const spread = chiSquare(chooser.count(openings('v4')), 100);
      console.log(`${algorithm}: chi-square ${spread.toFixed(0)} of 99 degrees of freedom`);
      expect(spread).toBeLessThan(CHI_SQUARE_99);
    });
  },
);

describe('round robin', () => {
  it('is exact to one connection, wherever it is stopped', () => {
    chooser.use('round-robin', EQUAL_100.slice(0, 7));
    for (const count of [7, 1, 13, 1000, 3]) {
      const counts = Object.values(chooser.count(connections(count)));
      expect(Math.max(...counts) - (counts.length < 7 ? 0 : Math.min(...counts))).toBeLessThanOrEqual(1);
    }
  });

  it('gives 50/30/20 of a thousand connections, and never two in a row to one that has half of them', () => {
    chooser.use('round-robin', [50, 30, 20]);
    const chosen = chooser.choose(connections(1000));
    const counts = [0, 1, 2].map((id) => chosen.filter((each) => each === id).length);
    expect(counts).toEqual([500, 300, 200]);
    expect(chosen.filter((id, index) => id === chosen[index + 1])).toEqual([]);
  });
});

describe('source hash', () => {
  it('sends all connections of a client to one target, whatever ports and protocols', () => {
    chooser.use('source-hash', EQUAL_100);
    for (const { client } of clients(50)) {
      const all = connections(20, client).flatMap((opening): Opening[] => [
        opening,
        { ...opening, protocol: 'udp' },
      ]);
      expect(Object.values(chooser.count(all))).toEqual([40]);
    }
  });
});

describe.each([
  { algorithm: 'maglev', openings: connections(5000) },
  { algorithm: 'source-hash', openings: clients(5000) },
] as const)('when one of a hundred targets leaves, with $algorithm', ({ algorithm, openings }) => {
  it.each([37])('less than 2 % of the connections of others go elsewhere (target %i)', (gone) => {
    chooser.use(algorithm, EQUAL_100);
    const was = chooser.choose(openings);
    chooser.use(
      algorithm,
      EQUAL_100.map((weight, id) => (id === gone ? 0 : weight)),
    );
    const is = chooser.choose(openings);
    const others = [...was.keys()].filter((index) => was[index] !== gone);
    const moved = others.filter((index) => was[index] !== is[index]).length;
    console.log(
      `${algorithm}: ${moved} of ${others.length} moved, ${((moved / others.length) * 100).toFixed(2)} %`,
    );
    expect(is).not.toContain(gone);
    expect(moved / others.length).toBeLessThan(0.02);
  });
});
