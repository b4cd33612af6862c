/** Time and chance, passed in so that tests can drive them. */
export interface Clock {
  /** Calls `work` once after a delay; the function that is returned prevents it. */
  readonly after: (delayMs: number, work: () => void) => () => void;
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: () => number;
  /** A number from 0 to less than 1. */
  readonly random: () => number;
}

/** The real ones. Timers do not keep the process alive. */
export const systemClock: Clock = {
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs).unref();
    return () => clearTimeout(timer);
  },
  nowMs: Date.now,
  random: Math.random,
};
