/** How much a daemon may log, from next to nothing to everything. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** One of {@link LOG_LEVELS}: lines of this level and of those before it are written. */
export type LogLevel = (typeof LOG_LEVELS)[number];
