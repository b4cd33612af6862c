import type { Algorithm, HealthCheckType } from '../config/index.ts';

/** One factor of a weight: what it takes away, and why. */
export interface FactorReport {
  /** From 0 (no new connections) to 1 (the full share). */
  readonly value: number;
  readonly reason: string;
}

/** One target of one pool, and how its share comes about. */
export interface TargetWeightReport {
  readonly proxy: string;
  /** `default`, or the source of the route. */
  readonly pool: string;
  /** How connections of the pool choose. */
  readonly algorithm: Algorithm;
  /** `ip:port`, or `[ip]:port` for IPv6. */
  readonly target: string;
  /** As configured. */
  readonly configuredWeight: number;
  /** Configured weight times all factors; the configured one where that leaves nobody in the pool. */
  readonly effectiveWeight: number;
  /** Share of new connections of the pool now, percent; whole numbers in pools of up to 100 targets. */
  readonly sharePercent: number;
  readonly factors: {
    readonly health: FactorReport;
    readonly drain: FactorReport;
    readonly circuit: FactorReport;
    readonly load: FactorReport;
  };
  /** Flows open now. */
  readonly activeFlows: number;
}

/** Answer of `GET /v1/targets`. */
export interface TargetsReport {
  readonly targets: readonly TargetWeightReport[];
}

/** What checks say: `unknown` until the first has ended; `recovering` while the share grows back. */
export type HealthStatus = 'unknown' | 'healthy' | 'recovering' | 'unhealthy';

/** One target under one kind of check. */
export interface TargetHealthReport {
  readonly target: string;
  readonly check: HealthCheckType;
  /** What checks say, or somebody's word, see `manual`. */
  readonly status: HealthStatus;
  /** Set by hand; null when checks decide. */
  readonly manual: 'healthy' | 'unhealthy' | null;
  /** What health leaves of the weight, from 0 to 1, and why. */
  readonly factor: FactorReport;
  readonly consecutiveSuccesses: number;
  readonly consecutiveFailures: number;
  /** Time of the last check; null before the first. */
  readonly lastCheckedAt: string | null;
  readonly lastLatencyMs: number | null;
  /** Why the last check failed, e.g. `connection_refused`; null when it did not. */
  readonly lastError: string | null;
  /** What the last check found, for people. */
  readonly lastMessage: string | null;
}

/** The weights of one pool, percent, in the order of `targets`. */
export interface PoolWeightsReport {
  /** `default`, or the source of the route. */
  readonly pool: string;
  readonly targets: readonly string[];
  readonly originalWeights: readonly number[];
  readonly effectiveWeights: readonly number[];
}

/** The health of one proxy. */
export interface ProxyHealthReport {
  readonly proxy: string;
  /** Every target has its full share or is on the way to it. */
  readonly allHealthy: boolean;
  /** Every pool has a target that is not unhealthy. */
  readonly canServe: boolean;
  readonly targets: readonly TargetHealthReport[];
  readonly pools: readonly PoolWeightsReport[];
}

/** Answer of `GET /v1/health`, and of `GET /v1/health/PROXY` with that proxy alone. */
export interface HealthReport {
  /** `settings.healthCheckEnabled`. Without it every target counts as healthy. */
  readonly enabled: boolean;
  /** Whether checks go out now. */
  readonly running: boolean;
  readonly proxies: readonly ProxyHealthReport[];
}

/** What a check by hand found; answer of `POST /v1/health/PROXY/TARGET/check`. */
export interface CheckReport {
  readonly success: boolean;
  readonly latencyMs: number;
  /** Why it failed, e.g. `timeout`; null when it did not. */
  readonly reason: string | null;
  readonly message: string;
}

/** A status to set by hand; `auto` gives the target back to its checks. */
export type StatusToSet = 'healthy' | 'unhealthy' | 'auto';
