import type { TargetName } from './target-name.ts';

/** How long a target took to answer SYNs lately. */
export interface TargetLatencyReport extends TargetName {
  /** Connections that it answered. */
  readonly connects: number;
  /** Milliseconds; null when it answered none. */
  readonly meanMs: number | null;
  /** Half of the answers came within. Interpolated in a bucket whose upper bound is twice its lower one, as the others. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** Answer of `GET /v1/latencies`. */
export interface LatenciesReport {
  /** What "lately" is: the last minute or a little more, or since the daemon has started. */
  readonly windowSeconds: number;
  readonly targets: readonly TargetLatencyReport[];
}
