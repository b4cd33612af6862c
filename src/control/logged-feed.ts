import type { Logger } from 'pino';
import { systemClock } from '../clock/index.ts';
import { EventFeed } from '../events/index.ts';

/** A feed of events that logs what goes wrong in who listens. */
export function loggedFeed(logger: Logger): EventFeed {
  const onFault = (err: unknown) => logger.error({ err }, 'a listener to events failed');
  return new EventFeed({ nowMs: systemClock.nowMs, onFault });
}
