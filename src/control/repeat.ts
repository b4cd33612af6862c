import { setTimeout as sleep } from 'node:timers/promises';

/** Does `work` again and again, each time after the pause that it asked for last, until the signal aborts. */
export async function repeat(
  signal: AbortSignal,
  firstPauseMs: number,
  work: () => Promise<number>,
): Promise<void> {
  let pauseMs = firstPauseMs;
  for (;;) {
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    pauseMs = await work();
  }
}
