import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '../errors/index.ts';

/** Starts the process whose output lines announce changes. */
export type SpawnMonitor = () => ChildProcess;

/** How to watch the host. */
export interface WatchOptions {
  /** Called after changes have settled; calls never overlap. Its error ends the watch. */
  readonly onChange: () => void | Promise<void>;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Changes that follow each other within this time make one call; default 100. */
  readonly debounceMs?: number;
  /** First pause before a monitor that died is started again, doubled up to 30 times this; default 1,000. */
  readonly restartMs?: number;
  readonly spawnMonitor?: SpawnMonitor;
}

/**
 * The kernel kills the monitor when this process dies, however it dies (setpriv, util-linux).
 * Neighbours are left out: they change all the time.
 */
const MONITOR = ['--pdeathsig', 'KILL', 'ip', 'monitor', 'link', 'address', 'route'];

/** `ip monitor`, bound to the life of this process. */
export const spawnIpMonitor: SpawnMonitor = () =>
  spawn('setpriv', MONITOR, { stdio: ['ignore', 'pipe', 'ignore'] });

/**
 * Watches links, addresses and routes of this network namespace until the signal aborts, and calls back
 * when they changed, and once at the start and after a monitor that died was started again, for what may have
 * been missed. Resolves when the monitor is gone after the abort.
 * @throws whatever `onChange` throws; SluiceError `unsupported` when the monitor cannot be started at all.
 */
export async function watchHost(options: WatchOptions): Promise<void> {
  const restartMs = options.restartMs ?? 1_000;
  const notifier = new Notifier(options.onChange, options.debounceMs ?? 100);
  const stop = AbortSignal.any([options.signal, notifier.failed]);
  let pauseMs = restartMs;
  try {
    while (!stop.aborted) {
      notifier.notify();
      const heard = await followMonitor(options.spawnMonitor ?? spawnIpMonitor, notifier, stop);
      if (heard) pauseMs = restartMs;
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, restartMs * 30);
    }
  } finally {
    await notifier.close();
  }
}

/** Runs one monitor to its end; tells whether it ever said something. */
function followMonitor(spawnMonitor: SpawnMonitor, notifier: Notifier, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let heard = false;
    const child = spawnMonitor();
    const kill = () => child.kill('SIGKILL');
    stop.addEventListener('abort', kill, { once: true });
    child.stdout?.on('data', () => {
      heard = true;
      notifier.notify();
    });
    child.once('error', (cause) => {
      stop.removeEventListener('abort', kill);
      // Short of descriptors or processes the host is not for ever, and the monitor is tried again.
      if (isMissing(cause)) reject(monitorError(cause));
      else resolve(heard);
    });
    child.once('exit', () => {
      child.stdout?.destroy();
      stop.removeEventListener('abort', kill);
      resolve(heard);
    });
  });
}

function isMissing(error: Error): boolean {
  return 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
}

function monitorError(cause: Error): SluiceError {
  return new SluiceError('unsupported', `changes of the host cannot be watched: ${cause.message}`, {
    fix: 'apt-get install util-linux iproute2',
    cause,
  });
}

/** Turns bursts of notifications into single calls that never overlap. Owns one timer. */
class Notifier {
  readonly #onChange: () => void | Promise<void>;
  readonly #debounceMs: number;
  readonly #failed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #error: { readonly cause: unknown } | undefined;

  constructor(onChange: () => void | Promise<void>, debounceMs: number) {
    this.#onChange = onChange;
    this.#debounceMs = debounceMs;
  }

  /** Aborts when a call failed. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Asks for a call soon. The timer is not pushed back by later changes, so a storm cannot starve it. */
  notify(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#running.then(() => this.#call());
    }, this.#debounceMs);
  }

  async #call(): Promise<void> {
    if (this.#failed.signal.aborted) return;
    try {
      await this.#onChange();
    } catch (cause) {
      this.#error = { cause };
      this.#failed.abort();
    }
  }

  /** Drops what is not called yet, waits for the call that runs, and throws its error if it failed. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    if (this.#error !== undefined) throw this.#error.cause;
  }
}
