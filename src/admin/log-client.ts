import type { LogLevel, LogLevelReport } from '../report/index.ts';
import type { ConfigCall } from './config-client.ts';
import type { LogView } from './log-view.ts';

/** The log of a daemon, over its admin API. */
export class LogClient implements LogView {
  readonly #call: ConfigCall;

  constructor(call: ConfigCall) {
    this.#call = call;
  }

  /** `GET /v1/log-level`. */
  async level(): Promise<LogLevelReport> {
    return (await this.#call('GET', '/v1/log-level')) as LogLevelReport;
  }

  /** `PUT /v1/log-level`. */
  async setLevel(level: LogLevel): Promise<LogLevelReport> {
    return (await this.#call('PUT', '/v1/log-level', { body: { level } })) as LogLevelReport;
  }
}
