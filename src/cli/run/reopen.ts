import type { Logger } from 'pino';
import type { RunningBalancer } from '../control-plane.ts';
import type { CliIo } from '../io.ts';
import { errorFields } from './logger.ts';

/** Opens the access log anew at SIGUSR1, as logrotate and its like want it. */
export function reopenWhenTold(
  logger: Logger,
  balancer: Pick<RunningBalancer, 'flows'>,
  io: Pick<CliIo, 'onSignal'>,
): AsyncDisposable {
  let work = Promise.resolve();
  const off = io.onSignal('SIGUSR1', () => {
    work = work.then(async () => {
      try {
        await balancer.flows.reopenLog();
        logger.info('the access log was opened anew');
      } catch (error) {
        logger.error(errorFields(error), 'the access log was not opened anew');
      }
    });
  });
  return {
    [Symbol.asyncDispose]: () => {
      off();
      return work;
    },
  };
}
