import type { CircuitBreakerConfig } from '../config/index.ts';
import type { Factor } from '../weights/index.ts';

/** When a circuit opens, for how long, and what closes it. */
export type CircuitSettings = Omit<CircuitBreakerConfig, 'enabled'>;

/** Connections to a target by what became of them: the target answered, or it refused or did not answer. */
export interface Requests {
  readonly successes: number;
  readonly errors: number;
}

/** Connections of a part of the window. */
interface Bucket extends Requests {
  /** When it began. */
  readonly atMs: number;
}

/** The circuit of one target. Times are milliseconds since 1970. */
export type Circuit =
  /** The target gets its share, and errors are counted. */
  | { readonly status: 'closed'; readonly sinceMs: number; readonly buckets: readonly Bucket[] }
  /** The target gets no new connections; `untilMs` is null when somebody has opened it by hand. */
  | {
      readonly status: 'open';
      readonly sinceMs: number;
      readonly untilMs: number | null;
      readonly reason: string;
    }
  /** The target gets a tenth of its share, and must answer so many connections. */
  | { readonly status: 'half-open'; readonly sinceMs: number; readonly successes: number };

/** What a half-open circuit leaves of a target's share. */
export const HALF_OPEN_SHARE = 0.1;
/** The window slides by a tenth of itself. */
const BUCKETS = 10;

/** A circuit that has seen nothing. */
export function closedCircuit(nowMs: number): Circuit {
  return { status: 'closed', sinceMs: nowMs, buckets: [] };
}

/** A circuit that lets nothing through until the settings' time is over. */
export function openCircuit(nowMs: number, reason: string, { openDurationMs }: CircuitSettings): Circuit {
  return { status: 'open', sinceMs: nowMs, untilMs: nowMs + openDurationMs, reason };
}

/** One that somebody has opened: it stays so. */
export function circuitOpenedByHand(nowMs: number): Circuit {
  return { status: 'open', sinceMs: nowMs, untilMs: null, reason: 'opened by hand' };
}

/**
 * The circuit after some connections. A closed one opens when in its window there were enough of them and too large a part
 * failed. A half-open one opens with the first failure and closes after enough answers; of both at once, the failure counts.
 * What an open one hears of was begun before it opened.
 */
export function afterRequests(
  circuit: Circuit,
  requests: Requests,
  nowMs: number,
  settings: CircuitSettings,
): Circuit {
  switch (circuit.status) {
    case 'open':
      return circuit;
    case 'half-open': {
      if (requests.errors > 0) return openCircuit(nowMs, 'a connection failed while half-open', settings);
      const successes = circuit.successes + requests.successes;
      return successes < settings.halfOpenRequests ? { ...circuit, successes } : closedCircuit(nowMs);
    }
    case 'closed': {
      const counted = { ...circuit, buckets: withRequests(circuit.buckets, requests, nowMs, settings) };
      const { total, errorPct } = windowOf(counted, nowMs, settings);
      const isTooMuch = total >= settings.minRequests && errorPct >= settings.errorThresholdPct;
      if (!isTooMuch) return counted;
      return openCircuit(nowMs, `${Math.round(errorPct)}% of ${total} connections failed`, settings);
    }
  }
}

/** The circuit when time has passed: an open one becomes half-open when its time is over. */
export function afterTime(circuit: Circuit, nowMs: number): Circuit {
  if (circuit.status !== 'open' || circuit.untilMs === null || nowMs < circuit.untilMs) return circuit;
  return { status: 'half-open', sinceMs: nowMs, successes: 0 };
}

/** The connections of a circuit's window; a circuit that is not closed has none. */
export function windowOf(
  circuit: Circuit,
  nowMs: number,
  { windowSizeMs }: CircuitSettings,
): Requests & { readonly total: number; readonly errorPct: number } {
  const buckets = circuit.status === 'closed' ? circuit.buckets : [];
  const recent = buckets.filter(({ atMs }) => nowMs - atMs < windowSizeMs);
  const errors = recent.reduce((sum, bucket) => sum + bucket.errors, 0);
  const successes = recent.reduce((sum, bucket) => sum + bucket.successes, 0);
  const total = errors + successes;
  return { errors, successes, total, errorPct: total === 0 ? 0 : (100 * errors) / total };
}

/** What a circuit leaves of a target's weight, and why. */
export function circuitFactor(circuit: Circuit): Factor {
  switch (circuit.status) {
    case 'closed':
      return { value: 1, reason: 'circuit closed' };
    case 'open':
      return { value: 0, reason: `circuit open: ${circuit.reason}` };
    case 'half-open':
      return { value: HALF_OPEN_SHARE, reason: 'circuit half-open' };
  }
}

/** Adds to the newest bucket, or begins another; forgets those that the window has left behind. */
function withRequests(
  buckets: readonly Bucket[],
  { successes, errors }: Requests,
  nowMs: number,
  { windowSizeMs }: CircuitSettings,
): readonly Bucket[] {
  const kept = buckets.filter(({ atMs }) => nowMs - atMs < windowSizeMs);
  const newest = kept.at(-1);
  if (newest === undefined || nowMs - newest.atMs >= windowSizeMs / BUCKETS) {
    return [...kept, { atMs: nowMs, successes, errors }];
  }
  const sum = { atMs: newest.atMs, successes: newest.successes + successes, errors: newest.errors + errors };
  return [...kept.slice(0, -1), sum];
}
