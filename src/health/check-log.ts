import { type TargetName, targetNameKey } from '../report/index.ts';
import type { CheckSpec } from './check-spec.ts';
import type { CheckOutcome } from './outcome.ts';

/** Upper bounds of the buckets of check latencies, seconds. */
export const CHECK_LATENCY_BOUNDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60,
] as const;

/** What became of the checks of one target of a proxy. */
export interface CheckTotals {
  readonly proxy: string;
  readonly target: string;
  readonly successes: number;
  readonly failures: number;
  /** Seconds, of successes and failures: how many are in each bucket, one more than there are bounds. */
  readonly latency: {
    readonly bounds: readonly number[];
    readonly counts: readonly number[];
    readonly sum: number;
  };
}

interface Tally {
  successes: number;
  failures: number;
  readonly counts: number[];
  sum: number;
}

const MS_PER_SEC = 1000;

/** Counts checks that went out, and how long each took. A target that has several kinds of check has one count of all. */
export class CheckLog {
  readonly #tallies = new Map<string, Tally>();

  /** Counts a check, unless it is the fault of this host that it found nothing. */
  note({ proxy, target }: CheckSpec, outcome: CheckOutcome): void {
    if (!outcome.success && outcome.reason === 'local_error') return;
    const tally = this.#tallyOf(targetNameKey({ proxy, target }));
    const seconds = outcome.latencyMs / MS_PER_SEC;
    const index = CHECK_LATENCY_BOUNDS.findIndex((bound) => seconds <= bound);
    const bucket = index < 0 ? CHECK_LATENCY_BOUNDS.length : index;
    tally.counts[bucket] = (tally.counts[bucket] ?? 0) + 1;
    tally.sum += seconds;
    if (outcome.success) tally.successes += 1;
    else tally.failures += 1;
  }

  /** The counts of these targets, one for each; those of others are forgotten. */
  totals(specs: Iterable<TargetName>): readonly CheckTotals[] {
    const wanted = new Map([...specs].map((spec) => [targetNameKey(spec), spec]));
    for (const key of this.#tallies.keys()) if (!wanted.has(key)) this.#tallies.delete(key);
    return [...wanted].map(([key, { proxy, target }]) => {
      const { successes, failures, counts, sum } = this.#tallyOf(key);
      return {
        proxy,
        target,
        successes,
        failures,
        latency: { bounds: CHECK_LATENCY_BOUNDS, counts: [...counts], sum },
      };
    });
  }

  #tallyOf(key: string): Tally {
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const counts = new Array<number>(CHECK_LATENCY_BOUNDS.length + 1).fill(0);
    const tally: Tally = { successes: 0, failures: 0, counts, sum: 0 };
    this.#tallies.set(key, tally);
    return tally;
  }
}
