import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CliIo } from '../io.ts';
import { errorFields } from './logger.ts';

/** Pings per watchdog interval: one may be late. */
const PINGS = 2;

/**
 * What a service manager (systemd, `Type=notify`) is told; nothing where none listens. What cannot be told is logged, and is no
 * reason to end.
 */
export class ServiceManager {
  readonly #io: Pick<CliIo, 'env' | 'sendDatagram'>;
  readonly #logger: Logger;

  constructor(io: Pick<CliIo, 'env' | 'sendDatagram'>, logger: Logger) {
    this.#io = io;
    this.#logger = logger;
  }

  /** The daemon does its work. `status` is shown by `systemctl status`. */
  ready(status: string): Promise<void> {
    return this.#tell('READY=1', `STATUS=${status}`);
  }

  /** The daemon reads its configuration again; {@link ready} ends that. */
  reloading(): Promise<void> {
    // systemd wants to know when, on CLOCK_MONOTONIC: sd_notify(3).
    return this.#tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
  }

  /** The daemon ends. */
  stopping(): Promise<void> {
    return this.#tell('STOPPING=1');
  }

  /**
   * Shows the watchdog that the daemon lives, for as long as `isAlive` settles: when the event loop or what `isAlive` waits for
   * stands still, pings stay out, and the service manager starts another daemon. Ends with the signal.
   */
  async keepAlive(isAlive: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const intervalMs = watchdogMs(this.#io.env);
    if (intervalMs === null) return;
    while (!signal.aborted) {
      await abortable(isAlive(), signal);
      if (!signal.aborted) await this.#tell('WATCHDOG=1');
      await sleep(intervalMs / PINGS, undefined, { signal }).catch(() => {});
    }
  }

  async #tell(...lines: string[]): Promise<void> {
    const path = this.#io.env.NOTIFY_SOCKET;
    if (path === undefined || path === '') return;
    try {
      await this.#io.sendDatagram(path, lines.map((line) => line.replaceAll('\n', ' ')).join('\n'));
    } catch (error) {
      this.#logger.warn(errorFields(error), 'the service manager cannot be told');
    }
  }
}

/** The watchdog's interval; null when there is none, or when it is meant for another process. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: CliIo['env']): number | null {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  const micros = Number(WATCHDOG_USEC);
  return isOurs && micros > 0 ? micros / 1000 : null;
}

/** Settles with `work`, or when the signal aborts. */
async function abortable(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = withResolver();
  signal.addEventListener('abort', resolve, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', resolve);
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
