export { LOG_LEVELS, type LogLevel } from '../config/index.ts';

/** Answer of `GET` and `PUT /v1/log-level`. */
export interface LogLevelReport {
  /** The level in force; a logger of a program may have levels of its own. */
  readonly level: string;
}
