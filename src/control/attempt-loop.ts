import type { Logger } from 'pino';
import type { AttemptWatcher } from './attempt-watcher.ts';
import { guarded } from './guarded.ts';
import { repeat } from './repeat.ts';

/** A target that refuses is known this much after enough connections have met it. */
const POLL_MS = 25;
/** Pause when nobody wants to know, or when the counters cannot be read. */
const IDLE_MS = 500;

/** Follows attempts to connect while `isWanted`, until the signal aborts. */
export function followAttempts(
  watcher: Pick<AttemptWatcher, 'poll'>,
  isWanted: () => boolean,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  return repeat(signal, 0, async () => {
    if (!isWanted()) return IDLE_MS;
    let pauseMs = IDLE_MS;
    await guarded(logger, 'following attempts to connect', async () => {
      await watcher.poll();
      pauseMs = POLL_MS;
    });
    return pauseMs;
  });
}
