/** A target that gets connections again: it is healthy or recovering, or was set so by hand. */
export interface TargetHealthyEvent {
  readonly type: 'targetHealthy';
  readonly proxy: string;
  /** `10.0.0.1:8080`. */
  readonly target: string;
  readonly reason: string;
}

/** A target that is to get no more connections. */
export interface TargetUnhealthyEvent {
  readonly type: 'targetUnhealthy';
  readonly proxy: string;
  readonly target: string;
  /** What the check found, or that it was set so by hand. */
  readonly reason: string;
}

/** Connections are shared out anew in one pool; in the kernel when this is told. */
export interface WeightsUpdatedEvent {
  readonly type: 'weightsUpdated';
  readonly proxy: string;
  /** `default`, or the source of the route. */
  readonly pool: string;
  readonly targets: readonly string[];
  /** Percent, in the order of `targets`. */
  readonly originalWeights: readonly number[];
  /** Percent, in the order of `targets`. */
  readonly effectiveWeights: readonly number[];
}

/** What happens to targets. */
export type HealthEvent = TargetHealthyEvent | TargetUnhealthyEvent | WeightsUpdatedEvent;
