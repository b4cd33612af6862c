import type { Logger } from 'pino';

/** Does work whose failure is logged and ends nothing. */
export async function guarded(logger: Logger, doing: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.error({ err: error }, `${doing} failed`);
  }
}
