import type { Clock } from '../clock/index.ts';
import { type DrainOutcome, type DrainReport, type TargetName, targetNameKey } from '../report/index.ts';
import { Drain } from './drain.ts';

/** What drains need of the balancer. */
export interface DrainsOptions {
  readonly clock: Clock;
  /** Counts the open flows of targets, TCP and UDP. A target that the data path does not know has none. */
  readonly countFlows: (targets: readonly TargetName[]) => Promise<readonly number[]>;
  /** How often they are counted, milliseconds; asked before each count. */
  readonly intervalMs: () => number;
  /** Is told of each drain that begins. */
  readonly onBegan: (drain: DrainReport) => void;
  /** Is told of each drain that ends by itself, and of what `countFlows` throws. */
  readonly onEnded: (drain: DrainReport) => void;
  readonly onFault: (error: unknown) => void;
}

/** The drains of a balancer: counts connections of targets that get no new ones, until there are none. */
export class Drains {
  readonly #options: DrainsOptions;
  readonly #drains = new Map<string, Drain>();
  #cancelTimer: (() => void) | null = null;
  #counting: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: DrainsOptions) {
    this.#options = options;
  }

  /** Begins to watch a target that gets no new connections from now on; one that is drained already goes on as it is. */
  async start(of: TargetName, timeoutMs: number): Promise<DrainReport> {
    const running = this.#drains.get(targetNameKey(of));
    if (running?.isRunning) return this.#statusOf(running);
    const [connections = 0] = await this.#options.countFlows([of]);
    const drain = new Drain(of, timeoutMs, connections, this.#options.clock.nowMs());
    this.#drains.set(targetNameKey(of), drain);
    this.#options.onBegan(this.#statusOf(drain));
    this.#settle(drain, connections);
    this.#schedule();
    return this.#statusOf(drain);
  }

  /** Ends a drain as `cancelled`; one that has ended is forgotten. */
  cancel(of: TargetName): void {
    const drain = this.#drains.get(targetNameKey(of));
    if (drain === undefined) return;
    if (drain.isRunning) drain.cancel(this.#options.clock.nowMs());
    else this.#drains.delete(targetNameKey(of));
  }

  /** The drain of a target that is under way, or its last one. */
  status(of: TargetName): DrainReport | undefined {
    const drain = this.#drains.get(targetNameKey(of));
    return drain && this.#statusOf(drain);
  }

  /** Every drain that is under way. */
  running(): readonly DrainReport[] {
    return [...this.#drains.values()]
      .filter(({ isRunning }) => isRunning)
      .map((drain) => this.#statusOf(drain));
  }

  /** Waits for the end of a target's drain; undefined when there is none. */
  ended(of: TargetName): Promise<DrainOutcome> | undefined {
    return this.#drains.get(targetNameKey(of))?.ended;
  }

  /** Forgets targets that are not configured any more; drains under way are cancelled. */
  keepOnly(isConfigured: (of: TargetName) => boolean): void {
    for (const [key, drain] of this.#drains) {
      if (isConfigured(drain.of)) continue;
      drain.cancel(this.#options.clock.nowMs());
      this.#drains.delete(key);
    }
  }

  /** Cancels all drains; waits for a count under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    for (const drain of this.#drains.values()) drain.cancel(this.#options.clock.nowMs());
    await this.#counting;
  }

  #statusOf(drain: Drain): DrainReport {
    return drain.status(this.#options.clock.nowMs());
  }

  #schedule(): void {
    if (this.#cancelTimer !== null || this.#closed || this.running().length === 0) return;
    this.#cancelTimer = this.#options.clock.after(this.#options.intervalMs(), () => {
      this.#counting = this.#count().finally(() => {
        this.#cancelTimer = null;
        this.#schedule();
      });
    });
  }

  async #count(): Promise<void> {
    const { countFlows, onFault } = this.#options;
    const running = [...this.#drains.values()].filter(({ isRunning }) => isRunning);
    try {
      const counts = await countFlows(running.map(({ of }) => of));
      for (const [index, drain] of running.entries()) this.#settle(drain, counts[index] ?? 0);
    } catch (error) {
      onFault(error);
    }
  }

  #settle(drain: Drain, connections: number): void {
    if (!drain.isRunning) return;
    drain.count(connections, this.#options.clock.nowMs());
    if (!drain.isRunning) this.#options.onEnded(this.#statusOf(drain));
  }
}
