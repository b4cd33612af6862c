import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { SluiceError } from '../../errors/index.ts';
import type { LogLevel } from '../../report/index.ts';
import type { CliOutput } from '../io.ts';

/** How log lines look: `auto` is `pretty` on a terminal and `json` otherwise. */
export type LogFormat = 'auto' | 'json' | 'pretty';

/** How to log. */
export interface LoggerOptions {
  readonly format: LogFormat;
  readonly level: LogLevel;
  readonly color: boolean;
}

/**
 * Fields that are never written, wherever a careless line has them: the log is read by more people than may use the admin API.
 */
const SECRET_FIELDS = ['token', 'readOnlyToken', 'authorization', 'key', 'password'].flatMap((field) => [
  field,
  `*.${field}`,
  `*.*.${field}`,
]);

/** Makes the daemon's log on `output`: one line an event. */
export function createLogger(output: CliOutput, options: LoggerOptions): Logger {
  const pretty = options.format === 'pretty' || (options.format === 'auto' && output.isTTY);
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: SECRET_FIELDS, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (!pretty) return pino(settings, { write: output.write });
  const format = prettyFactory({
    colorize: options.color,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return pino(settings, { write: (line) => output.write(format(line)) });
}

/** The fields under which an error is logged: what, where, and what to do. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof SluiceError)) return { err: error };
  return {
    code: error.code,
    error: error.message,
    ...(error.details.length > 0 ? { details: error.details } : {}),
    ...(error.fix === undefined ? {} : { fix: error.fix }),
  };
}
