/** How much a daemon may log, from next to nothing to everything. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** One of {@link LOG_LEVELS}: lines of this level and of those before it are written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Answer of `GET` and `PUT /v1/log-level`. */
export interface LogLevelReport {
  /** The level in force; a logger of a program may have levels of its own. */
  readonly level: string;
}
