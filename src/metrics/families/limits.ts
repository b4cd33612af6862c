import type { Metric } from '../metric.ts';
import { TARGET_LABELS, targetLabels } from '../target-labels.ts';

/** Limits on new connections. */
export const LIMIT_METRICS: readonly Metric[] = [
  {
    name: 'lb_rate_limited_packets_total',
    type: 'counter',
    help: 'Packets dropped because a source opens too many connections, or no target had room.',
    labels: ['proxy_name', 'limit'],
    life: 'kernel',
    samples: ({ rateDrops }) =>
      rateDrops.flatMap(({ proxy, source, target }) => [
        { labels: [proxy, 'source'], value: source },
        { labels: [proxy, 'target'], value: target },
      ]),
  },
  {
    name: 'lb_rate_limit_refused_total',
    type: 'counter',
    help: 'New connections that found no room at a target that has a limit.',
    labels: TARGET_LABELS,
    life: 'kernel',
    samples: ({ targets }) =>
      targets.flatMap((of) =>
        of.isListed && of.rateRefused !== null ? [{ labels: targetLabels(of), value: of.rateRefused }] : [],
      ),
  },
];
