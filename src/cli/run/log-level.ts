import type { Logger } from 'pino';
import { type ChangingSettings, followSettings, type LogLevel } from '../../config/index.ts';

/**
 * Logs as much as the settings say whenever they say something else than before: a level that was set at run time stays while
 * they do not.
 * @param begun what they said at the start
 */
export function followLogLevel(logger: Logger, view: ChangingSettings, begun: LogLevel): AsyncDisposable {
  let said = begun;
  const apply = async ({ logLevel }: ChangingSettings['configuration']['settings']) => {
    if (logLevel !== said) logger.level = logLevel;
    said = logLevel;
  };
  // A level that the schema has let through is always one that the logger knows.
  return followSettings(view, apply, () => {});
}
