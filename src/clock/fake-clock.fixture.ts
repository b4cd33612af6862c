import type { Clock } from './clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly work: () => void;
}

/** Time that passes when a test says so; chance is 0 unless a test gives numbers. */
export class FakeClock implements Clock {
  readonly random: () => number;
  readonly #timers = new Set<Timer>();
  #now = 0;
  #order = 0;

  constructor(random: () => number = () => 0) {
    this.random = random;
  }

  readonly nowMs = (): number => this.#now;

  readonly after = (delayMs: number, work: () => void): (() => void) => {
    const timer = { atMs: this.#now + delayMs, order: this.#order++, work };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass; what is due happens in order, and what it began goes on as far as it can without time. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      if (next === undefined || next.atMs > endMs) break;
      this.#timers.delete(next);
      this.#now = next.atMs;
      next.work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = endMs;
  }
}
