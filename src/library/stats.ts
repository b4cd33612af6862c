import { setTimeout as sleep } from 'node:timers/promises';
import type { StatsReport } from '../report/index.ts';

/** How often counters are read. */
export interface StatsOptions {
  /** Default 1,000. */
  readonly intervalMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads counters again and again: at once, and then at the interval. */
export async function* watchStats(
  read: () => Promise<StatsReport>,
  { intervalMs = 1_000, signal }: StatsOptions,
): AsyncGenerator<StatsReport, void> {
  while (!signal?.aborted) {
    yield await read();
    await sleep(intervalMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  }
}
