import type { Logger } from 'pino';
import type { CliIo } from '../io.ts';

/** Why the daemon stops: Ctrl-C, a service manager, or a request to the admin API that has detached already. */
export type StopReason = 'interrupt' | 'terminate' | 'detached';

/** Status after a second Ctrl-C: 128 + SIGINT, as shells count. */
const INTERRUPTED = 130;

/** The wish to stop. Owns signal handlers until disposed. */
export interface StopListener extends Disposable {
  /** Resolves with the first reason. */
  readonly reason: Promise<StopReason>;
  /** Asks to stop, as a signal would. */
  readonly request: (reason: StopReason) => void;
}

/** Listens to SIGINT and SIGTERM. A second SIGINT ends the process at once. */
export function listenForStop(io: CliIo, logger: Logger): StopListener {
  let request: (reason: StopReason) => void = () => {};
  const reason = new Promise<StopReason>((resolve) => {
    request = resolve;
  });
  let interrupts = 0;
  const offInterrupt = io.onSignal('SIGINT', () => {
    interrupts += 1;
    if (interrupts > 1) {
      io.exitNow(INTERRUPTED);
      return;
    }
    logger.info('interrupted: detaching (press Ctrl-C again to leave at once)');
    request('interrupt');
  });
  const offTerminate = io.onSignal('SIGTERM', () => request('terminate'));
  return {
    reason,
    request: (why) => request(why),
    [Symbol.dispose]: () => {
      offInterrupt();
      offTerminate();
    },
  };
}
