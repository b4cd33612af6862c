import type { HealthCheckConfig } from '../config/index.ts';
import type { Factor } from '../weights/index.ts';
import type { CheckOutcome } from './outcome.ts';

/** What checks have found out about a target. */
export type HealthState =
  /** No check has ended yet. Counts as healthy; the first check decides. */
  | { readonly status: 'unknown' }
  | { readonly status: 'healthy'; readonly failures: number }
  | {
      readonly status: 'unhealthy';
      readonly successes: number;
      readonly reason: string;
      /** Clients have found out, not a check: `reason` is what they met, also when checks fail as well. */
      readonly byClients?: true;
    }
  /** Healthy again, with a share that grows by a quarter with each further success. */
  | { readonly status: 'recovering'; readonly step: number };

/** How many in a row it takes. */
export type Thresholds = Pick<HealthCheckConfig, 'healthyThreshold' | 'unhealthyThreshold'>;

/** Most checks end here; that nothing has changed is seen by its being the same object. */
const HEALTHY: HealthState = { status: 'healthy', failures: 0 };

/** Recovery goes to the full share in this many equal steps. */
export const RECOVERY_STEPS = 4;

/**
 * The state after one more check.
 *
 * The first check of a target decides alone, in both directions: there is no history that a threshold could protect.
 * After that `unhealthyThreshold` failures in a row take a target out, and `healthyThreshold` successes in a row bring it
 * back, at a quarter of its share; each further success gives it another quarter, and a failure on the way takes it
 * out again. What is this host's own fault changes nothing.
 */
export function afterCheck(state: HealthState, outcome: CheckOutcome, thresholds: Thresholds): HealthState {
  if (outcome.success) return afterSuccess(state, thresholds.healthyThreshold);
  if (outcome.reason === 'local_error') return state;
  return afterFailure(state, outcome.message, thresholds.unhealthyThreshold);
}

/** The state of a target whose clients' connections fail: out at once, and back by its checks. */
export function afterPassive(reason: string): HealthState {
  return { status: 'unhealthy', successes: 0, reason, byClients: true };
}

/** The state of a target without a check that clients have taken out, when it has waited for its next step. */
export function afterTime(state: HealthState): HealthState {
  return afterSuccess(state, 1);
}

function afterSuccess(state: HealthState, threshold: number): HealthState {
  switch (state.status) {
    case 'unknown':
    case 'healthy':
      return HEALTHY;
    case 'unhealthy': {
      const successes = state.successes + 1;
      return successes < threshold ? { ...state, successes } : { status: 'recovering', step: 1 };
    }
    case 'recovering': {
      const step = state.step + 1;
      return step < RECOVERY_STEPS ? { status: 'recovering', step } : HEALTHY;
    }
  }
}

function afterFailure(state: HealthState, reason: string, threshold: number): HealthState {
  const down = { status: 'unhealthy', successes: 0, reason } as const;
  switch (state.status) {
    case 'unhealthy':
      return state.byClients ? { ...state, successes: 0 } : down;
    case 'unknown':
    case 'recovering':
      return down;
    case 'healthy': {
      const failures = state.failures + 1;
      return failures < threshold ? { status: 'healthy', failures } : down;
    }
  }
}

/** What a state leaves of a target's weight, and why. */
export function healthFactor(state: HealthState): Factor {
  switch (state.status) {
    case 'unknown':
      return { value: 1, reason: 'not checked yet' };
    case 'healthy':
      return { value: 1, reason: 'healthy' };
    case 'unhealthy':
      return { value: 0, reason: state.reason };
    case 'recovering':
      return {
        value: state.step / RECOVERY_STEPS,
        reason: `recovering, step ${state.step} of ${RECOVERY_STEPS}`,
      };
  }
}
