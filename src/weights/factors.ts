/** What may take from a target's share: a number from 0 (no new connections) to 1 (its full share), and why. */
export interface Factor {
  readonly value: number;
  /** For people: `healthy`, `connection refused`. */
  readonly reason: string;
}

/** Every factor of a target's weight, by the signal that it comes from. A new signal is a new field here. */
export interface Factors {
  /** Health checks: 0, the steps of recovery, or 1. */
  readonly health: Factor;
  /** What an operator wants: 0 while the target is drained or in maintenance, else 1. */
  readonly drain: Factor;
  /** The circuit breaker: 0 while a circuit is open, 0.1 while it is half-open, else 1. */
  readonly circuit: Factor;
  /** Least connections: less the more open connections a target has than the others; 1 with other algorithms. */
  readonly load: Factor;
}
