import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Load, nextLoads } from './load.ts';

const target = (open: number, size = 1, inService = true) => ({ open, size, inService });

/** The factors after so many counts that all find the same. */
function settled(targets: readonly ReturnType<typeof target>[], counts = 20): readonly number[] {
  let loads: readonly Load[] = [];
  for (let count = 0; count < counts; count++) loads = nextLoads(targets, loads);
  return loads.map(({ factor }) => factor);
}

/** Standard deviation of what targets have open, in parts of the mean. */
function unevenness(open: readonly number[]): number {
  const mean = open.reduce((sum, each) => sum + each, 0) / open.length;
  const variance = open.reduce((sum, each) => sum + (each - mean) ** 2, 0) / open.length;
  return Math.sqrt(variance) / mean;
}

/** What connections do between two counts. */
interface Course {
  readonly arrivals: number;
  /** The part of those open that ends, by target. */
  readonly ended: readonly number[];
  readonly counts: number;
}

/** What targets have open at each count, when connections arrive by the factors. */
function simulate(
  start: readonly number[],
  { arrivals, ended, counts }: Course,
): readonly (readonly number[])[] {
  const history = [start];
  let loads: readonly Load[] = [];
  for (let count = 0; count < counts; count++) {
    const open = history.at(-1) ?? [];
    loads = nextLoads(
      open.map((each) => target(each)),
      loads,
    );
    const total = loads.reduce((sum, { factor }) => sum + factor, 0);
    const shareOf = (index: number) => (loads[index]?.factor ?? 0) / total;
    history.push(open.map((each, index) => (each + arrivals * shareOf(index)) * (1 - (ended[index] ?? 0))));
  }
  return history;
}

describe('the factors of least connections', () => {
  it.each([
    { open: [0, 0, 0], factors: [1, 1, 1] },
    { open: [50, 50], factors: [1, 1] },
    { open: [9, 19], factors: [1, 0.5] },
    { open: [120, 0, 0], factors: [0.1, 1, 1] },
    { open: [0, 1], factors: [1, 0.5] },
  ])('of $open open connections become about $factors', ({ open, factors }) => {
    const found = settled(open.map((each) => target(each)));
    for (const [index, factor] of factors.entries()) {
      expect(Math.abs((found[index] ?? 0) / factor - 1)).toBeLessThan(0.21);
    }
  });

  it('let targets have connections in proportion to their sizes', () => {
    expect(settled([target(90, 90), target(10, 10)])).toEqual([1, 1]);
    expect(settled([target(0, 90), target(0, 10)])).toEqual([1, 1]);
    expect(settled([target(10, 90), target(10, 10)])[1]).toBeLessThan(0.5);
  });

  it('go half of the way with each count', () => {
    const [, first] = nextLoads([target(0), target(99)], []);
    expect(first?.factor).toBe(0.32);
    expect(nextLoads([target(0), target(99)], [undefined, first])[1]?.factor).toBe(0.18);
  });

  it('compare with those in service only', () => {
    expect(settled([target(40), target(40), target(0, 1, false)])).toEqual([1, 1, 1]);
  });

  it('are from 0.1 to 1, whatever is open', () => {
    const anyTarget = fc.record({
      open: fc.nat({ max: 1_000_000 }),
      size: fc.constantFrom(1, 50, 100, 1 / 3),
      inService: fc.boolean(),
    });
    const anyPool = fc.array(anyTarget, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyPool, fc.integer({ min: 1, max: 10 }), (targets, counts) => {
        for (const factor of settled(targets, counts)) {
          expect(factor).toBeGreaterThanOrEqual(0.1);
          expect(factor).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('stay as they are while counts differ by less than a sixth', () => {
    expect(settled([target(1000), target(1080), target(1160)])).toEqual([1, 1, 1]);
  });
});

describe('least connections over time', () => {
  it('even out when one target begins with all the long connections, and nobody is overloaded on the way', () => {
    const history = simulate([1000, 0, 0], { arrivals: 100, ended: [0.01, 0.01, 0.01], counts: 200 });
    expect(unevenness(history.at(-1) ?? [])).toBeLessThan(0.06);
    // A hundred come between two counts and a hundredth ends: ten thousand are open in the end, a third for each.
    for (const [, ...others] of history) expect(Math.max(...others)).toBeLessThan(3500);
  });

  it('do not flip when hardly a connection lives until the next count', () => {
    const history = simulate([150, 100], { arrivals: 10_000, ended: [0.975, 0.975], counts: 30 });
    for (const open of history.slice(-20)) expect(unevenness(open)).toBeLessThan(0.08);
  });

  it('give a slow target fewer than a fast one', () => {
    const course = { arrivals: 100, ended: [0.9, 0.3], counts: 50 };
    const [fast = 0, slow = 0] = simulate([0, 0], course).at(-1) ?? [];
    // With equal shares the slow one has 21 times as many open.
    expect(slow / fast).toBeLessThan(7);
  });
});
