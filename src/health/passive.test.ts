import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attempts,
  afterAttempts,
  type Hold,
  NO_HOLD,
  NO_STREAK,
  nextHold,
  passiveVerdict,
} from './passive.ts';

const attempts = (part: Partial<Attempts>): Attempts => ({ answered: 0, refused: 0, unanswered: 0, ...part });
const count = fc.nat({ max: 50 });
const readings = fc.array(fc.record({ answered: count, refused: count, unanswered: count }));

describe('a streak of failures', () => {
  it('grows over readings until the threshold, and names what there was most of', () => {
    const two = afterAttempts(NO_STREAK, attempts({ refused: 2 }));
    expect(passiveVerdict(two, 3)).toBeNull();
    expect(passiveVerdict(afterAttempts(two, attempts({ refused: 1 })), 3)).toBe('refused connections');
    expect(passiveVerdict(afterAttempts(two, attempts({ unanswered: 5 })), 3)).toBe('does not answer SYNs');
  });

  it('ends with an answer, also with one of the same reading', () => {
    const long = afterAttempts(NO_STREAK, attempts({ refused: 100 }));
    expect(afterAttempts(long, attempts({ answered: 1, refused: 50 }))).toEqual(NO_STREAK);
  });

  it('is never longer than the failures since the last reading with an answer', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const streak = all.reduce(afterAttempts, NO_STREAK);
        const since = all.slice(all.findLastIndex(({ answered }) => answered > 0) + 1);
        expect(streak).toEqual({
          refused: since.reduce((sum, { refused }) => sum + refused, 0),
          unanswered: since.reduce((sum, { unanswered }) => sum + unanswered, 0),
        });
      }),
    );
  });

  it('of a target that answers in every reading never takes it out', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const streak = all.map((each) => ({ ...each, answered: 1 })).reduce(afterAttempts, NO_STREAK);
        expect(passiveVerdict(streak, 1)).toBeNull();
      }),
    );
  });
});

describe('a hold', () => {
  /** How long each of so many holds lasts, when each begins as soon as the one before is over. */
  function holdsMs(times: number, isChecked: boolean): readonly number[] {
    let hold: Hold = NO_HOLD;
    return Array.from({ length: times }, () => {
      const nowMs = Math.max(hold.untilMs, 1_000_000);
      hold = nextHold(hold, nowMs, isChecked);
      return hold.untilMs - nowMs;
    });
  }

  it('of a target with a check is none at first, then doubles up to five minutes', () => {
    expect(holdsMs(9, true)).toEqual([0, 5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  it('of a target without one begins at once', () => {
    expect(holdsMs(3, false)).toEqual([5000, 10_000, 20_000]);
  });

  it('is forgiven after a minute without', () => {
    const third = { times: 3, untilMs: 1_000_000 };
    expect(nextHold(third, 1_060_000, true).times).toBe(4);
    expect(nextHold(third, 1_060_001, true)).toEqual({ times: 1, untilMs: 1_060_001 });
  });
});
