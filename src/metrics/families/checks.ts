import type { Metric } from '../metric.ts';

const CHECK_LABELS = ['proxy_name', 'target_id'] as const;
const MS_PER_SEC = 1000;

/** Health checks and names: what the daemon asks others. */
export const CHECK_METRICS: readonly Metric[] = [
  {
    name: 'lb_health_check_latency_seconds',
    type: 'histogram',
    help: 'Health check latency distribution, of all checks that went out.',
    labels: CHECK_LABELS,
    life: 'process',
    samples: ({ checks }) =>
      checks.map(({ proxy, target, latency }) => ({ labels: [proxy, target], histogram: latency })),
  },
  {
    name: 'lb_health_checks_total',
    type: 'counter',
    help: 'Health checks that went out, by result.',
    labels: [...CHECK_LABELS, 'result'],
    life: 'process',
    samples: ({ checks }) =>
      checks.flatMap(({ proxy, target, successes, failures }) => [
        { labels: [proxy, target, 'success'], value: successes },
        { labels: [proxy, target, 'failure'], value: failures },
      ]),
  },
  {
    name: 'lb_dns_resolution_status',
    type: 'gauge',
    help: 'DNS resolution status (1=resolved, 0=failed).',
    labels: ['proxy_name', 'hostname'],
    life: 'now',
    samples: ({ hosts }) =>
      hosts.flatMap(({ hostname, proxies, consecutiveFailures }) =>
        proxies.map((proxy) => ({
          labels: [proxy, hostname],
          value: consecutiveFailures === 0 ? 1 : 0,
        })),
      ),
  },
  {
    name: 'lb_dns_addresses',
    type: 'gauge',
    help: 'Addresses that a name of targets stands for.',
    labels: ['hostname'],
    life: 'now',
    samples: ({ hosts }) =>
      hosts.map(({ hostname, addresses }) => ({ labels: [hostname], value: addresses.length })),
  },
  {
    name: 'lb_dns_consecutive_failures',
    type: 'gauge',
    help: 'Look-ups of a name that have failed since the last good answer.',
    labels: ['hostname'],
    life: 'now',
    samples: ({ hosts }) =>
      hosts.map(({ hostname, consecutiveFailures }) => ({ labels: [hostname], value: consecutiveFailures })),
  },
  {
    name: 'lb_dns_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the last good answer to a name came.',
    labels: ['hostname'],
    life: 'now',
    samples: ({ hosts }) =>
      hosts.map(({ hostname, resolvedAt }) => ({
        labels: [hostname],
        value: Date.parse(resolvedAt) / MS_PER_SEC,
      })),
  },
];
