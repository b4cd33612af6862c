import type { CountedTarget, Measurements } from '../measurements.ts';
import type { Metric, Sample } from '../metric.ts';
import { ENDPOINT_LABELS, endpointLabels, TARGET_LABELS, targetLabels } from '../target-labels.ts';

const DIRECTIONS = [
  ['forward', 'forward'],
  ['reverse', 'reply'],
] as const;
const RESULTS = ['answered', 'established', 'refused', 'unanswered'] as const;

/** Connections, packets and bytes. */
export const TRAFFIC_METRICS: readonly Metric[] = [
  {
    name: 'lb_connections_active',
    type: 'gauge',
    help: 'Current active connections per backend.',
    labels: ENDPOINT_LABELS,
    life: 'now',
    samples: (measured) => byEndpoint(measured, ({ activeFlows }) => activeFlows),
  },
  {
    name: 'lb_bytes_total',
    type: 'counter',
    help: 'Bytes transferred (forward/reverse), with IP headers.',
    labels: [...ENDPOINT_LABELS, 'direction'],
    life: 'kernel',
    samples: (measured) => byDirection(measured, 'bytes'),
  },
  {
    name: 'lb_packets_total',
    type: 'counter',
    help: 'Packets transferred (forward/reverse).',
    labels: [...ENDPOINT_LABELS, 'direction'],
    life: 'kernel',
    samples: (measured) => byDirection(measured, 'packets'),
  },
  {
    name: 'lb_connections_total',
    type: 'counter',
    help: 'Connections and UDP conversations ever opened.',
    labels: TARGET_LABELS,
    life: 'kernel',
    samples: ({ targets }) =>
      listed(targets).map((target) => ({ labels: targetLabels(target), value: target.flows })),
  },
  {
    name: 'lb_connect_attempts_total',
    type: 'counter',
    help: 'What became of attempts to open a TCP connection.',
    labels: [...TARGET_LABELS, 'result'],
    life: 'kernel',
    samples: ({ targets }) =>
      listed(targets).flatMap((target) => {
        const labels = targetLabels(target);
        return RESULTS.map((result) => ({ labels: [...labels, result], value: target.attempts[result] }));
      }),
  },
  {
    name: 'lb_connect_latency_seconds',
    type: 'histogram',
    help: 'Time from the first SYN of a connection to the SYN-ACK of its target.',
    labels: TARGET_LABELS,
    life: 'kernel',
    samples: ({ targets }) =>
      listed(targets).map((target) => ({ labels: targetLabels(target), histogram: target.latency })),
  },
  {
    name: 'lb_reason_packets_total',
    type: 'counter',
    help: 'Packets that left a program, by why; within a hook they sum to the packets seen there.',
    labels: ['hook', 'reason', 'outcome'],
    life: 'kernel',
    samples: ({ reasons }) =>
      reasons.map(({ hook, reason, outcome, packets }) => ({
        labels: [hook, reason, outcome],
        value: packets,
      })),
  },
];

function listed(targets: readonly CountedTarget[]): readonly CountedTarget[] {
  return targets.filter(({ isListed }) => isListed);
}

/**
 * Sums over the proxies that have the same endpoint. Those that a proxy no longer has are part of the sum: it must not go down
 * when one of two proxies lets go of it.
 */
function byEndpoint({ targets }: Measurements, value: (target: CountedTarget) => number): Sample[] {
  const sums = new Map<string, number>(listed(targets).map(({ target }) => [target, 0]));
  for (const each of targets) {
    const sum = sums.get(each.target);
    if (sum !== undefined) sums.set(each.target, sum + value(each));
  }
  return [...sums].map(([target, sum]) => ({ labels: endpointLabels(target), value: sum }));
}

function byDirection(measured: Measurements, what: 'bytes' | 'packets'): Sample[] {
  return DIRECTIONS.flatMap(([direction, key]) =>
    byEndpoint(measured, (target) => target[key][what]).map(({ labels, value }) => ({
      labels: [...labels, direction],
      value,
    })),
  );
}
