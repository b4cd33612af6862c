import type { Logger } from 'pino';
import type { LogLevel, LogLevelReport } from '../report/index.ts';

/** How much a balancer logs, and the way to change it while it runs. */
export class LogControl {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The level in force. */
  async level(): Promise<LogLevelReport> {
    return { level: this.#logger.level };
  }

  /** Logs more or less from now on. */
  async setLevel(level: LogLevel): Promise<LogLevelReport> {
    this.#logger.level = level;
    return this.level();
  }
}
