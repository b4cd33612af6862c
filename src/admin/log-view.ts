import type { LogLevel, LogLevelReport } from '../report/index.ts';

/** What the admin API needs of the log of a running balancer. */
export interface LogView {
  /** How much is logged. */
  level(): Promise<LogLevelReport>;
  /** Logs more or less from now on, until the process ends. */
  setLevel(level: LogLevel): Promise<LogLevelReport>;
}
