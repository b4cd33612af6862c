import type { Clock } from '../clock/index.ts';
import type { StartCheck } from './checks/attempt.ts';
import type { CheckOutcome } from './outcome.ts';

/** A check comes up to this part of its interval early, so that checks that fall together drift apart. */
const JITTER = 0.05;

/** What one target is checked with. */
export interface RepeatedCheckOptions {
  readonly start: StartCheck;
  /** Asked for before each pause. */
  readonly intervalMs: () => number;
  readonly clock: Clock;
  readonly onOutcome: (outcome: CheckOutcome) => void;
}

/**
 * Runs one check again and again, never twice at a time. From the beginning of a check to that of the next passes at most
 * the interval, or as long as the check takes when that is longer. Owns a timer or a running check.
 */
export class RepeatedCheck {
  readonly #options: RepeatedCheckOptions;
  readonly #waiting: ((outcome: CheckOutcome | null) => void)[] = [];
  #isRunning = false;
  #isFirst = false;
  /** Counts checks begun, and stops. */
  #rounds = 0;
  #cancel = () => {};
  // Made once: there are thousands of checks, and each is run again and again.
  readonly #run = () => this.#begin();
  readonly #onEnd = (outcome: CheckOutcome) => this.#end(outcome);

  constructor(options: RepeatedCheckOptions) {
    this.#options = options;
  }

  /**
   * Begins, after `firstDelayMs`. The second check follows at random within the interval: first checks may crowd, so that
   * dead targets are known soon, and from the second one on they are spread out.
   */
  begin(firstDelayMs: number): void {
    this.#isFirst = true;
    this.#cancel = this.#options.clock.after(firstDelayMs, this.#run);
  }

  /** Checks at once, or joins the check that runs; null when checks are stopped before it ends. */
  now(): Promise<CheckOutcome | null> {
    const outcome = new Promise<CheckOutcome | null>((resolve) => this.#waiting.push(resolve));
    if (!this.#isRunning) {
      this.#cancel();
      this.#isFirst = false;
      this.#begin();
    }
    return outcome;
  }

  /** Ends the check that runs, and begins no other. */
  stop(): void {
    this.#cancel();
    this.#isRunning = false;
    this.#rounds += 1;
    this.#tell(null);
  }

  #begin(): void {
    this.#isRunning = true;
    this.#rounds += 1;
    this.#cancel = this.#options.start(this.#onEnd);
  }

  #end(outcome: CheckOutcome): void {
    const { clock, onOutcome } = this.#options;
    const round = this.#rounds;
    this.#isRunning = false;
    onOutcome(outcome);
    // Who was told may have stopped the checks.
    if (round === this.#rounds) {
      // Counted from the beginning of this check, so that slow answers do not stretch the interval.
      const delayMs = Math.max(0, this.#nextDelayMs() - outcome.latencyMs);
      this.#cancel = clock.after(delayMs, this.#run);
    }
    this.#tell(outcome);
  }

  #tell(outcome: CheckOutcome | null): void {
    if (this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve(outcome);
  }

  #nextDelayMs(): number {
    const { intervalMs, clock } = this.#options;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return intervalMs() * (isFirst ? clock.random() : 1 - JITTER * clock.random());
  }
}
