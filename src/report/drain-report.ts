import type { TargetName } from './target-name.ts';

/**
 * What an operator wants of a target, apart from its health: `ready` gets connections, `drain` and `maintenance` get no new
 * ones; a target in maintenance is not checked either.
 */
export type AdminState = 'ready' | 'drain' | 'maintenance';

/** How a drain ended: no connection was left, time was up, or somebody made the target ready again. */
export type DrainOutcome = 'completed' | 'timeout' | 'cancelled';

/** One drain, under way or the last one of its target. */
export interface DrainReport extends TargetName {
  readonly status: 'draining' | DrainOutcome;
  /** Since it began; to its end, when it has ended. */
  readonly elapsedMs: number;
  readonly timeoutMs: number;
  /** Flows that were open when it began, and at the last count. */
  readonly initialConnections: number;
  readonly currentConnections: number;
}

/** Answer of `GET /v1/drains`. */
export interface DrainsReport {
  /** Drains under way. */
  readonly drains: readonly DrainReport[];
}

/** Answer of `GET` and `PUT /v1/targets/PROXY/TARGET/state`. */
export interface TargetStateReport extends TargetName {
  readonly state: AdminState;
  /** The drain that is under way, or the last one; null when there was none. */
  readonly drain: DrainReport | null;
}
