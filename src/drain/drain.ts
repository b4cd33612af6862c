import type { DrainOutcome, DrainReport, TargetName } from '../report/index.ts';

/** One drain: from its begin to the last connection, its timeout, or its cancellation. */
export class Drain {
  readonly of: TargetName;
  readonly timeoutMs: number;
  /** Resolves when it is over. Never rejects. */
  readonly ended: Promise<DrainOutcome>;
  readonly #beganAtMs: number;
  readonly #initial: number;
  #current: number;
  #state: DrainReport['status'] = 'draining';
  #endedAtMs: number | null = null;
  #resolve: (outcome: DrainOutcome) => void = () => {};

  /** @param connections flows that are open now */
  constructor(of: TargetName, timeoutMs: number, connections: number, nowMs: number) {
    this.of = of;
    this.timeoutMs = timeoutMs;
    this.#initial = connections;
    this.#current = connections;
    this.#beganAtMs = nowMs;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isRunning(): boolean {
    return this.#state === 'draining';
  }

  /** Takes a new count of open flows. */
  count(connections: number, nowMs: number): void {
    if (!this.isRunning) return;
    this.#current = connections;
    if (connections === 0) this.#end('completed', nowMs);
    else if (nowMs - this.#beganAtMs >= this.timeoutMs) this.#end('timeout', nowMs);
  }

  /** Ends it before its time. */
  cancel(nowMs: number): void {
    if (this.isRunning) this.#end('cancelled', nowMs);
  }

  status(nowMs: number): DrainReport {
    return {
      ...this.of,
      status: this.#state,
      elapsedMs: (this.#endedAtMs ?? nowMs) - this.#beganAtMs,
      timeoutMs: this.timeoutMs,
      initialConnections: this.#initial,
      currentConnections: this.#current,
    };
  }

  #end(outcome: DrainOutcome, nowMs: number): void {
    this.#state = outcome;
    this.#endedAtMs = nowMs;
    this.#resolve(outcome);
  }
}
