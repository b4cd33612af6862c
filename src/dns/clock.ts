/** Time and chance, passed in so that a test may hold both. */
export interface DnsClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `work` after `delayMs`, unless the function that it returns is called first. Does not keep the process alive. */
  after(delayMs: number, work: () => void): () => void;
  /** A number from 0 to 1. */
  random(): number;
}

/** The real ones. */
export function systemClock(): DnsClock {
  return {
    now: () => Date.now(),
    after: (delayMs, work) => {
      const timer = setTimeout(work, delayMs).unref();
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  };
}
