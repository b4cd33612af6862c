import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Tables } from '../datapath/index.ts';
import { guarded } from './guarded.ts';
import { repeat } from './repeat.ts';

/** A SYN cookie is good for one to two of these. */
const INTERVAL_MS = 60_000;
const SECRET_BYTES = 16;

/** Makes SYN cookies with a secret that nobody knows. @throws BpfError */
export function changeSecret(tables: Pick<Tables, 'rotateSecret'>): void {
  tables.rotateSecret(randomBytes(SECRET_BYTES));
}

/** Does so every minute, until the signal aborts. */
export function changeSecrets(
  tables: Pick<Tables, 'rotateSecret'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  return repeat(signal, INTERVAL_MS, async () => {
    await guarded(logger, 'changing the secret of SYN cookies', async () => changeSecret(tables));
    return INTERVAL_MS;
  });
}
