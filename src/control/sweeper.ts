import type { Logger } from 'pino';
import type { Settings } from '../config/index.ts';
import type { Datapath, SweepResult } from '../datapath/index.ts';
import { guarded } from './guarded.ts';
import { repeat } from './repeat.ts';

/** Sweeps the flow table, one sweep at a time: each clears the counts that it makes anew. */
export class Sweeper {
  readonly #datapath: Pick<Datapath, 'sweep'>;
  #running: Promise<SweepResult> | undefined;
  #endedAtMs = Number.NEGATIVE_INFINITY;

  constructor(datapath: Pick<Datapath, 'sweep'>) {
    this.#datapath = datapath;
  }

  /** Removes idle flows and counts the others. Who asks during a sweep gets its result. @throws BpfError */
  sweep(settings: Settings): Promise<SweepResult> {
    this.#running ??= this.#start(settings).finally(() => {
      this.#running = undefined;
      this.#endedAtMs = performance.now();
    });
    return this.#running;
  }

  /** {@link sweep}, unless the last one ended less than `ageMs` ago. */
  async sweepIfOlder(settings: Settings, ageMs: number): Promise<void> {
    if (performance.now() - this.#endedAtMs >= ageMs) await this.sweep(settings);
  }

  #start(settings: Settings): Promise<SweepResult> {
    return this.#datapath.sweep({
      synSec: settings.synTimeoutSec,
      establishedSec: settings.connectionTimeoutSec,
      closingSec: settings.closingTimeoutSec,
      udpSec: settings.udpTimeoutSec,
    });
  }
}

const SWEEP_INTERVAL_MS = 1000;

/** Sweeps every second until the signal aborts. */
export function sweepAlways(
  sweeper: Sweeper,
  settings: () => Settings,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  return repeat(signal, SWEEP_INTERVAL_MS, async () => {
    await guarded(logger, 'sweeping the flow table', () =>
      // Least connections may have swept a moment ago.
      sweeper.sweepIfOlder(settings(), SWEEP_INTERVAL_MS / 2),
    );
    return SWEEP_INTERVAL_MS;
  });
}
