import type { TargetName } from './target-name.ts';

/** What somebody wants of a circuit; `auto` closes it, forgets what was, and lets connections decide again. */
export type CircuitState = 'open' | 'closed' | 'auto';

/** The circuit of one target. */
export interface CircuitReport extends TargetName {
  /** `closed`: its share; `open`: no new connections; `half-open`: a tenth of its share, on trial. */
  readonly status: 'closed' | 'open' | 'half-open';
  /** Set by hand; null when connections decide. */
  readonly manual: 'open' | 'closed' | null;
  /** Why, for people. */
  readonly reason: string;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** When an open circuit becomes half-open; null for others, and when it was opened by hand. */
  readonly halfOpenAt: string | null;
  /** Connections in the window of a closed circuit that the target answered. */
  readonly successes: number;
  /** Those that it refused or did not answer. */
  readonly errors: number;
  /** Errors, percent of both. */
  readonly errorPct: number;
}

/** Answer of `GET /v1/circuits`. */
export interface CircuitsReport {
  /** One for each target of a proxy whose circuit breaker is on. */
  readonly circuits: readonly CircuitReport[];
}
