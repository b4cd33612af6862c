import { type Clock, inTicks, systemClock } from '../clock/index.ts';

/** Checks that are due within this time begin together: what wakes the process costs as much as what a check does. */
const TICK_MS = 20;

/** The clock of health checks. */
export function checkClock(): Clock {
  return inTicks(systemClock, TICK_MS, () => performance.now());
}
