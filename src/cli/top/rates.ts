import type { TargetReport } from '../../report/index.ts';

/** How fast counters grow; null while there is nothing to compare with. */
export interface Rates {
  readonly connectsPerSec: number | null;
  readonly toTargetBitsPerSec: number | null;
  readonly toClientBitsPerSec: number | null;
  /** Attempts to connect that the target refused or did not answer. */
  readonly failuresPerSec: number | null;
}

/** What rates are made of. */
export type Counted = Pick<TargetReport, 'flows' | 'forward' | 'reply' | 'attempts'>;

const BITS = 8;

/** Nothing is known. */
export const NO_RATES: Rates = {
  connectsPerSec: null,
  toTargetBitsPerSec: null,
  toClientBitsPerSec: null,
  failuresPerSec: null,
};

/** The rates between two readings of the same counters. */
export function ratesBetween(before: Counted | undefined, now: Counted, seconds: number): Rates {
  if (before === undefined) return NO_RATES;
  return {
    connectsPerSec: perSecond(before.flows, now.flows, seconds),
    toTargetBitsPerSec: perSecond(before.forward.bytes * BITS, now.forward.bytes * BITS, seconds),
    toClientBitsPerSec: perSecond(before.reply.bytes * BITS, now.reply.bytes * BITS, seconds),
    failuresPerSec: perSecond(failures(before), failures(now), seconds),
  };
}

/** The growth of a counter, a second; null when it went back: then these are two instances. */
export function perSecond(before: number, now: number, seconds: number): number | null {
  return seconds <= 0 || now < before ? null : (now - before) / seconds;
}

/** The sum of rates; of those that are known, and null when none is. */
export function sumRates(all: readonly Rates[]): Rates {
  const sum = (pick: (rates: Rates) => number | null) => {
    const known = all.map(pick).filter((rate) => rate !== null);
    return known.length === 0 ? null : known.reduce((total, rate) => total + rate, 0);
  };
  return {
    connectsPerSec: sum((rates) => rates.connectsPerSec),
    toTargetBitsPerSec: sum((rates) => rates.toTargetBitsPerSec),
    toClientBitsPerSec: sum((rates) => rates.toClientBitsPerSec),
    failuresPerSec: sum((rates) => rates.failuresPerSec),
  };
}

function failures({ attempts }: Counted): number {
  return attempts.refused + attempts.unanswered;
}
