import type { Logger } from 'pino';
import { systemClock } from '../clock/index.ts';
import { type AttemptGrowth, AttemptWatcher } from './attempt-watcher.ts';
import type { CircuitBreakers } from './circuit-breakers.ts';
import { guarded } from './guarded.ts';
import type { HealthChecks } from './health-checks.ts';
import type { KernelSide } from './kernel-side.ts';
import { repeat } from './repeat.ts';

/** A target that refuses is known this much after enough connections have met it. */
const POLL_MS = 25;
/** Pause when nobody wants to know, or when the counters cannot be read. */
const IDLE_MS = 500;

/** Who wants to know what becomes of attempts to connect. */
export interface AttemptReaders {
  readonly healthChecks: Pick<HealthChecks, 'isPassive' | 'noteAttempts'>;
  readonly circuitBreakers: Pick<CircuitBreakers, 'isEnabled' | 'noteAttempts'>;
}

/** Tells what becomes of attempts to connect until the signal aborts; nothing is read while nobody wants to know. */
export function followAttempts(
  { datapath, state }: Pick<KernelSide, 'datapath' | 'state'>,
  { healthChecks, circuitBreakers }: AttemptReaders,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const onReading = (growth: readonly AttemptGrowth[]) => {
    healthChecks.noteAttempts(growth);
    circuitBreakers.noteAttempts(growth);
  };
  const watcher = new AttemptWatcher({ datapath, state, clock: systemClock, onReading });
  return repeat(signal, 0, async () => {
    if (!healthChecks.isPassive && !circuitBreakers.isEnabled) return IDLE_MS;
    let pauseMs = IDLE_MS;
    await guarded(logger, 'following attempts to connect', async () => {
      await watcher.poll();
      pauseMs = POLL_MS;
    });
    return pauseMs;
  });
}
