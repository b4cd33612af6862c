import type { Clock } from '../clock/index.ts';
import { type DnsAnswer, type DnsEndpoint, endpointKey } from './answer.ts';
import { nextRefreshMs, nextRetryMs } from './schedule.ts';
import type { DnsEvent, DnsStatus } from './status.ts';

/** What a watched name needs from outside. */
export interface NameContext {
  readonly lookUp: (name: string) => Promise<DnsAnswer>;
  readonly clock: Clock;
  readonly onEvent: (event: DnsEvent) => void;
}

/** One name that is resolved again and again. The last good answer stands while newer ones fail. */
export class WatchedName {
  readonly hostname: string;
  readonly #context: NameContext;
  #refreshSec: number;
  #answer: DnsAnswer;
  #resolvedAtMs: number;
  #failures = 0;
  #lastError: string | null = null;
  #nextAtMs: number | null = null;
  #cancelTimer: () => void = () => {};
  #running: Promise<void> | undefined;
  #closed = false;

  private constructor(hostname: string, refreshSec: number, answer: DnsAnswer, context: NameContext) {
    this.hostname = hostname;
    this.#context = context;
    this.#refreshSec = refreshSec;
    this.#answer = answer;
    this.#resolvedAtMs = context.clock.nowMs();
    this.#schedule(this.#refreshMs());
  }

  /** Resolves a name for the first time, and goes on. @throws Error of the look-up */
  static async watch(hostname: string, refreshSec: number, context: NameContext): Promise<WatchedName> {
    return new WatchedName(hostname, refreshSec, await context.lookUp(hostname), context);
  }

  /** Tells the first answer. */
  announce(): void {
    this.#tellResolved([], this.#answer.endpoints);
  }

  get endpoints(): readonly DnsEndpoint[] {
    return this.#answer.endpoints;
  }

  get status(): DnsStatus {
    return {
      hostname: this.hostname,
      endpoints: this.#answer.endpoints,
      ttlSec: this.#answer.ttlSec,
      resolvedAt: new Date(this.#resolvedAtMs).toISOString(),
      consecutiveFailures: this.#failures,
      lastError: this.#lastError,
      nextAt: this.#nextAtMs === null ? null : new Date(this.#nextAtMs).toISOString(),
    };
  }

  /** Changes how often the name is resolved; a shorter interval takes effect at once. */
  setRefresh(refreshSec: number): void {
    if (refreshSec === this.#refreshSec) return;
    this.#refreshSec = refreshSec;
    if (this.#nextAtMs !== null) this.#schedule(this.#refreshMs());
  }

  /** Resolves the name now. Does not throw: a failure is an event. Who asks during an attempt waits for that one. */
  resolve(): Promise<void> {
    this.#running ??= this.#attempt().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Stops; waits for an attempt under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#running;
  }

  async #attempt(): Promise<void> {
    this.#cancelTimer();
    this.#nextAtMs = null;
    try {
      this.#accept(await this.#context.lookUp(this.hostname));
    } catch (error) {
      this.#refuse(error);
    }
  }

  #accept(answer: DnsAnswer): void {
    if (this.#closed) return;
    const before = this.#answer.endpoints;
    this.#answer = answer;
    this.#resolvedAtMs = this.#context.clock.nowMs();
    this.#failures = 0;
    this.#lastError = null;
    this.#schedule(this.#refreshMs());
    this.#tellResolved(before, answer.endpoints);
  }

  #refuse(error: unknown): void {
    if (this.#closed) return;
    const { clock, onEvent } = this.#context;
    this.#failures += 1;
    this.#lastError = error instanceof Error ? error.message : String(error);
    this.#schedule(nextRetryMs(this.#refreshSec, this.#failures, clock.random()));
    onEvent({
      type: 'dnsFailed',
      hostname: this.hostname,
      error: this.#lastError,
      consecutiveFailures: this.#failures,
    });
  }

  #tellResolved(before: readonly DnsEndpoint[], after: readonly DnsEndpoint[]): void {
    this.#context.onEvent({
      type: 'dnsResolved',
      hostname: this.hostname,
      added: missingIn(before, after),
      removed: missingIn(after, before),
      changed: !sameShares(before, after),
    });
  }

  #refreshMs(): number {
    return nextRefreshMs(this.#refreshSec, this.#answer.ttlSec, this.#context.clock.random());
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#context;
    this.#cancelTimer();
    this.#nextAtMs = clock.nowMs() + delayMs;
    this.#cancelTimer = clock.after(delayMs, () => void this.resolve());
  }
}

function sameShares(before: readonly DnsEndpoint[], after: readonly DnsEndpoint[]): boolean {
  const text = (endpoints: readonly DnsEndpoint[]) =>
    endpoints.map((each) => `${endpointKey(each)} ${each.share}`).join();
  return text(before) === text(after);
}

/** Addresses of `of` that `list` does not have. */
function missingIn(list: readonly DnsEndpoint[], of: readonly DnsEndpoint[]): readonly string[] {
  const known = new Set(list.map(endpointKey));
  return of.filter((endpoint) => !known.has(endpointKey(endpoint))).map(({ address }) => address);
}
