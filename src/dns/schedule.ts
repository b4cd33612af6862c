const MIN_INTERVAL_MS = 1_000;
/** Names with one interval must not be asked for all at once: up to a tenth earlier. */
const JITTER = 0.1;
const RETRY_MS = 1_000;

/**
 * Milliseconds until a name is resolved again after an answer: its interval, or the life of its records when that is
 * shorter, but not more than once a second.
 * @param ttlSec life of the records, null when unknown
 * @param random 0 to 1
 */
export function nextRefreshMs(refreshSec: number, ttlSec: number | null, random: number): number {
  const interval = Math.max(MIN_INTERVAL_MS, Math.min(refreshSec, ttlSec ?? refreshSec) * 1_000);
  return Math.round(interval * (1 - JITTER * random));
}

/** The same after a failure: 1 s, then twice as long each time, up to the interval. */
export function nextRetryMs(refreshSec: number, failures: number, random: number): number {
  const backOff = RETRY_MS * 2 ** Math.min(failures - 1, 16);
  return Math.round(Math.min(backOff, refreshSec * 1_000) * (1 - JITTER * random));
}
