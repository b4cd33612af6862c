import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckOutcome } from './outcome.ts';
import { afterCheck, type HealthState, healthFactor, type Thresholds } from './state.ts';

const OK: CheckOutcome = { success: true, latencyMs: 1, message: 'connected' };
const FAILED: CheckOutcome = { success: false, latencyMs: 1, reason: 'timeout', message: 'no answer' };
const OWN_FAULT: CheckOutcome = { success: false, latencyMs: 1, reason: 'local_error', message: 'no ports' };
const outcomes = { '+': OK, '-': FAILED, '?': OWN_FAULT } as const;
type Sign = keyof typeof outcomes;

const THRESHOLDS: Thresholds = { healthyThreshold: 2, unhealthyThreshold: 3 };

/** The factor after each check. */
function walk(signs: readonly Sign[], thresholds = THRESHOLDS): readonly number[] {
  let state: HealthState = { status: 'unknown' };
  return signs.map((sign) => {
    state = afterCheck(state, outcomes[sign], thresholds);
    return healthFactor(state).value;
  });
}

const anySigns = fc.array(fc.constantFrom<Sign>('+', '-', '?'), { maxLength: 60 });
const anyThresholds = fc.record({
  healthyThreshold: fc.integer({ min: 1, max: 10 }),
  unhealthyThreshold: fc.integer({ min: 1, max: 10 }),
});

describe('a target', () => {
  it.each([
    { name: 'is healthy after its first success', signs: '+', factors: [1] },
    { name: 'is unhealthy after its first failure', signs: '-', factors: [0] },
    { name: 'becomes unhealthy at the threshold', signs: '+---', factors: [1, 1, 1, 0] },
    {
      name: 'is forgiven failures that do not follow each other',
      signs: '+--+--',
      factors: [1, 1, 1, 1, 1, 1],
    },
    { name: 'recovers in four steps', signs: '-++++++', factors: [0, 0, 0.25, 0.5, 0.75, 1, 1] },
    { name: 'falls back during its recovery', signs: '-+++-++', factors: [0, 0, 0.25, 0.5, 0, 0, 0.25] },
    { name: 'needs its successes in a row', signs: '-+-+-+', factors: [0, 0, 0, 0, 0, 0] },
    {
      name: 'does not change for a fault of this host',
      signs: '?+?--?-?',
      factors: [1, 1, 1, 1, 1, 1, 0, 0],
    },
  ])('$name: $signs', ({ signs, factors }) => {
    expect(walk([...signs] as Sign[])).toEqual(factors);
  });

  it('has no share before it was checked and found wanting', () => {
    expect(healthFactor({ status: 'unknown' })).toEqual({ value: 1, reason: 'not checked yet' });
    expect(healthFactor(afterCheck({ status: 'unknown' }, FAILED, THRESHOLDS))).toEqual({
      value: 0,
      reason: 'no answer',
    });
  });

  it('that was found healthy loses its share only by unhealthyThreshold failures in a row', () => {
    fc.assert(
      fc.property(anySigns, anyThresholds, (later, thresholds) => {
        const signs: readonly Sign[] = ['+', ...later];
        const factors = walk(signs, thresholds);
        for (const [index, factor] of factors.entries()) {
          const before = factors[index - 1];
          if (factor !== 0 || before !== 1) continue;
          const counted = signs.slice(0, index + 1).filter((sign) => sign !== '?');
          expect(counted.slice(-thresholds.unhealthyThreshold).join('')).toBe(
            '-'.repeat(thresholds.unhealthyThreshold),
          );
        }
      }),
    );
  });

  it('without a share gets one only by healthyThreshold successes in a row, and then a quarter', () => {
    fc.assert(
      fc.property(anySigns, anyThresholds, (signs, thresholds) => {
        const factors = walk(signs, thresholds);
        for (const [index, factor] of factors.entries()) {
          if (factors[index - 1] !== 0 || factor === 0) continue;
          const counted = signs.slice(0, index + 1).filter((sign) => sign !== '?');
          expect(counted.slice(-thresholds.healthyThreshold).join('')).toBe(
            '+'.repeat(thresholds.healthyThreshold),
          );
          expect(factor).toBe(0.25);
        }
      }),
    );
  });

  it('is never more than a quarter above where it was a check ago, once it was checked', () => {
    fc.assert(
      fc.property(anySigns, anyThresholds, (signs, thresholds) => {
        const factors = walk(signs, thresholds);
        for (const [index, factor] of factors.entries()) {
          expect(factor - (factors[index - 1] ?? 1)).toBeLessThanOrEqual(0.25);
        }
      }),
    );
  });

  it('that flaps between every check changes its share no more than the thresholds allow', () => {
    const flapping = Array.from({ length: 100 }, (_, index): Sign => (index % 2 === 0 ? '+' : '-'));
    expect(new Set(walk(flapping))).toEqual(new Set([1]));
  });
});
