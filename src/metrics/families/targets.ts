import type { TargetName, TargetWeightReport } from '../../report/index.ts';
import type { Measurements } from '../measurements.ts';
import type { Metric, Sample, ValueMetric } from '../metric.ts';
import { TARGET_LABELS, targetLabels } from '../target-labels.ts';
import { stateSet } from './state-set.ts';

const POOL_LABELS = ['proxy_name', 'pool', 'target_ip', 'target_port'] as const;
const FACTORS = ['health', 'drain', 'circuit', 'load'] as const;
const STATES = ['ready', 'drain', 'maintenance'] as const;
const CIRCUITS = ['closed', 'open', 'half-open'] as const;
const PERCENT = 100;
const MS_PER_SEC = 1000;

/** Weights of targets and all that makes them. */
export const TARGET_METRICS: readonly Metric[] = [
  {
    name: 'lb_backend_health',
    type: 'gauge',
    help: 'Backend health status (1=healthy, 0=unhealthy).',
    labels: TARGET_LABELS,
    life: 'now',
    samples: health,
  },
  weightMetric(
    'lb_target_weight_configured',
    'Weight of a target in a pool as it is configured.',
    (target) => target.configuredWeight,
  ),
  weightMetric(
    'lb_target_weight_effective',
    'Configured weight times all factors: what new connections are shared out by.',
    (target) => target.effectiveWeight,
  ),
  weightMetric(
    'lb_target_share_ratio',
    'Share of the new connections of a pool, 0 to 1.',
    (target) => target.sharePercent / PERCENT,
  ),
  {
    name: 'lb_target_weight_factor',
    type: 'gauge',
    help: 'What is left of the weight of a target, 0 to 1, by cause.',
    labels: [...POOL_LABELS, 'factor'],
    life: 'now',
    samples: ({ weights }) =>
      weights.flatMap((target) => {
        const labels = poolLabels(target);
        return FACTORS.map((factor) => ({
          labels: [...labels, factor],
          value: target.factors[factor].value,
        }));
      }),
  },
  {
    name: 'lb_target_state',
    type: 'gauge',
    help: 'What operators want of a target (1 for the state that it has).',
    labels: [...TARGET_LABELS, 'state'],
    life: 'now',
    samples: ({ states }) => states.flatMap((of) => stateSet(targetLabels(of), STATES, of.state)),
  },
  {
    name: 'lb_drain_connections',
    type: 'gauge',
    help: 'Connections that a target still has while it is being drained.',
    labels: TARGET_LABELS,
    life: 'now',
    samples: ({ drains }) => drains.map((of) => sample(of, of.currentConnections)),
  },
  {
    name: 'lb_drain_elapsed_seconds',
    type: 'gauge',
    help: 'How long a target has been being drained.',
    labels: TARGET_LABELS,
    life: 'now',
    samples: ({ drains }) => drains.map((of) => sample(of, of.elapsedMs / MS_PER_SEC)),
  },
  {
    name: 'lb_circuit_state',
    type: 'gauge',
    help: 'Circuit breaker of a target (1 for the state that it has).',
    labels: [...TARGET_LABELS, 'state'],
    life: 'now',
    samples: ({ circuits }) => circuits.flatMap((of) => stateSet(targetLabels(of), CIRCUITS, of.status)),
  },
];

function sample(of: TargetName, value: number): Sample {
  return { labels: targetLabels(of), value };
}

function poolLabels(of: TargetWeightReport): string[] {
  const [proxy, ip, port] = targetLabels(of);
  return [proxy, of.pool, ip, port];
}

function weightMetric(name: string, help: string, value: (of: TargetWeightReport) => number): ValueMetric {
  return {
    name,
    type: 'gauge',
    help,
    labels: POOL_LABELS,
    life: 'now',
    samples: ({ weights }) => weights.map((of) => ({ labels: poolLabels(of), value: value(of) })),
  };
}

/** A target may be in several pools and have another check in each: all must be content. */
function health({ weights }: Measurements): Sample[] {
  const healthy = new Map<string, { of: TargetName; value: number }>();
  for (const of of weights) {
    const key = `${of.target} ${of.proxy}`;
    const value = of.factors.health.value > 0 ? 1 : 0;
    healthy.set(key, { of, value: Math.min(value, healthy.get(key)?.value ?? 1) });
  }
  return [...healthy.values()].map(({ of, value }) => sample(of, value));
}
