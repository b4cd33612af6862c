import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveWeights, type Weighted } from './effective.ts';
import { percentShares } from './shares.ts';

const target = (configuredWeight: number, health: number, drain = 1, circuit = 1): Weighted => ({
  configuredWeight,
  factors: {
    health: { value: health, reason: '' },
    drain: { value: drain, reason: '' },
    circuit: { value: circuit, reason: '' },
    load: { value: 1, reason: '' },
  },
});
const pool = (weights: readonly number[], health: readonly number[]) =>
  weights.map((weight, index) => target(weight, health[index] ?? 1));

const anyPool = fc.array(
  fc.record({ weight: fc.integer({ min: 1, max: 100 }), health: fc.constantFrom(0, 0.25, 0.5, 0.75, 1) }),
  { minLength: 1, maxLength: 20 },
);

describe('effective weights', () => {
  it('of a target whose circuit is half-open is a tenth, and of one whose circuit is open is nothing', () => {
    const three = [target(50, 1), target(30, 1, 1, 0.1), target(20, 1, 1, 0)];
    expect(effectiveWeights(three)).toEqual([50, 3, 0]);
    expect(effectiveWeights([target(50, 0), target(20, 1, 1, 0)])).toEqual([50, 20]);
  });

  it.each([
    { health: [1, 1, 1], effective: [50, 30, 20], shares: [50, 30, 20] },
    { health: [1, 0, 1], effective: [50, 0, 20], shares: [71, 0, 29] },
    { health: [1, 0.25, 1], effective: [50, 7.5, 20], shares: [64, 10, 26] },
    { health: [0, 0, 1], effective: [0, 0, 20], shares: [0, 0, 100] },
    { health: [0, 0, 0], effective: [50, 30, 20], shares: [50, 30, 20] },
  ])('of 50/30/20 with health $health are $effective, $shares percent', ({ health, effective, shares }) => {
    const weights = effectiveWeights(pool([50, 30, 20], health));
    expect(weights).toEqual(effective);
    expect(percentShares(weights)).toEqual(shares);
  });

  it.each([
    { drain: [1, 0, 1], health: [1, 1, 1], effective: [50, 0, 20] },
    { drain: [1, 0, 1], health: [0, 1, 0], effective: [50, 0, 20] },
    { drain: [1, 0, 0], health: [0, 1, 1], effective: [50, 0, 0] },
    { drain: [0, 0, 0], health: [0, 1, 1], effective: [50, 30, 20] },
  ])('of 50/30/20 with health $health and drain $drain are $effective', ({ drain, health, effective }) => {
    const targets = [50, 30, 20].map((weight, index) => target(weight, health[index] ?? 1, drain[index]));
    expect(effectiveWeights(targets)).toEqual(effective);
  });

  it('leave a target without a share exactly when its health is 0 and another one has some', () => {
    fc.assert(
      fc.property(anyPool, (targets) => {
        const weights = effectiveWeights(targets.map(({ weight, health }) => target(weight, health)));
        const someoneLives = targets.some(({ health }) => health > 0);
        expect(weights.map((weight) => weight === 0)).toEqual(
          targets.map(({ health }) => someoneLives && health === 0),
        );
      }),
    );
  });

  it('of targets with equal health are in proportion to what is configured', () => {
    fc.assert(
      fc.property(anyPool, (targets) => {
        const weights = effectiveWeights(targets.map(({ weight, health }) => target(weight, health)));
        const full = targets.flatMap(({ weight, health }, index) =>
          health === 1 ? [(weights[index] ?? 0) / weight] : [],
        );
        expect(new Set(full).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('shares', () => {
  it('are whole percents that sum to 100, each less than one off', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1 }), (weights) => {
        fc.pre(weights.length <= 100);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const shares = percentShares(weights);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100);
        for (const [index, share] of shares.entries()) {
          expect(Number.isInteger(share)).toBe(true);
          expect(Math.abs(share - ((weights[index] ?? 0) / total) * 100)).toBeLessThan(1);
        }
      }),
    );
  });

  it('are exact where a percent is too coarse, and 0 where nothing is shared', () => {
    expect(percentShares(Array.from({ length: 200 }, () => 1))[0]).toBe(0.5);
    expect(percentShares([0, 0])).toEqual([0, 0]);
  });
});
