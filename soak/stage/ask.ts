import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '../../src/errors/index.ts';

const TRIES = 5;
const PAUSE_MS = 200;

/**
 * Asks a daemon that is there, again when it did not answer: on a busy machine a connection may be too slow for the limits of
 * its server, which is not what a soak is about.
 * @throws SluiceError as the last of five attempts, or at once when it was answered
 */
export async function askPatiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const isSilent = error instanceof SluiceError && error.code === 'unreachable';
      if (!isSilent || tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
