import { describe, expect, it } from 'vitest';
import { desiredProxy, desiredState, target } from './desired.fixture.ts';
import { changedPools, poolWeights } from './pool-weights.ts';

const pool = (...weights: readonly number[]) =>
  weights.map((weight, index) => target(`10.0.0.${index}`, weight));
const route = (...weights: readonly number[]) => [
  { source: '10.0.0.0/8', algorithm: 'weighted-random' as const, targets: pool(...weights) },
];
const names = (changed: ReturnType<typeof changedPools>) =>
  changed.map(({ proxy, pool: { pool: name } }) => `${proxy} ${name}`);

describe('pools whose weights have changed', () => {
  it('are those with the same targets and other weights', () => {
    const before = desiredState(
      desiredProxy('a', { defaultTargets: pool(1, 1), sourceRoutes: route(1, 1) }),
      desiredProxy('b', { defaultTargets: pool(1, 1) }),
      desiredProxy('c', { defaultTargets: pool(1) }),
    );
    const after = desiredState(
      desiredProxy('a', { defaultTargets: pool(1, 1), sourceRoutes: route(1, 0) }),
      desiredProxy('b', { defaultTargets: pool(0, 1) }),
      desiredProxy('c', { defaultTargets: pool(1, 1) }),
      desiredProxy('new'),
    );
    expect(names(changedPools(before, after))).toEqual(['a 10.0.0.0/8', 'b default']);
    expect(changedPools(after, after)).toEqual([]);
  });

  it('are found by name where routes have changed places', () => {
    const from = (source: string, ...weights: readonly number[]) =>
      route(...weights).map((each) => ({ ...each, source }));
    const [one, two] = ['10.0.0.0/8', '10.1.0.0/16'] as const;
    const sourceRoutes = [...from(one, 3, 1), ...from(two, 1, 3)];
    const before = desiredState(desiredProxy('a', { sourceRoutes }));
    const swapped = [...from(two, 3, 1), ...from(one, 1, 3)];
    const after = desiredState(desiredProxy('a', { sourceRoutes: swapped }));
    expect(names(changedPools(before, after))).toEqual(['a 10.1.0.0/16', 'a 10.0.0.0/8']);
  });

  it('tell the weights as configured and as they are, percent', () => {
    const targets = [50, 0, 20].map((weight, index) => ({
      ...target(`10.0.0.${index}`, weight),
      configuredWeight: [50, 30, 20][index] ?? 0,
    }));
    expect(poolWeights({ pool: 'default', algorithm: 'maglev', targets })).toEqual({
      pool: 'default',
      targets: ['10.0.0.0:80', '10.0.0.1:80', '10.0.0.2:80'],
      originalWeights: [50, 30, 20],
      effectiveWeights: [71, 0, 29],
    });
  });
});
