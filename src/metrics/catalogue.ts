import { BALANCER_METRICS } from './families/balancer.ts';
import { CHECK_METRICS } from './families/checks.ts';
import { CONFIGURATION_METRICS } from './families/configuration.ts';
import { FLOW_EVENT_METRICS } from './families/flow-events.ts';
import { LIMIT_METRICS } from './families/limits.ts';
import { TARGET_METRICS } from './families/targets.ts';
import { TRAFFIC_METRICS } from './families/traffic.ts';
import type { Metric } from './metric.ts';

/** A chapter of the documentation. */
export interface MetricGroup {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** Everything that is exported, but for what describes the process. */
export const METRIC_GROUPS: readonly MetricGroup[] = [
  { title: 'Balancer', metrics: BALANCER_METRICS },
  { title: 'Traffic', metrics: TRAFFIC_METRICS },
  { title: 'Targets', metrics: TARGET_METRICS },
  { title: 'Health checks and names', metrics: CHECK_METRICS },
  { title: 'Rate limits', metrics: LIMIT_METRICS },
  { title: 'Flow events and access log', metrics: FLOW_EVENT_METRICS },
  { title: 'Configuration and events', metrics: CONFIGURATION_METRICS },
];

/** {@link METRIC_GROUPS} in one list. */
export const METRICS: readonly Metric[] = METRIC_GROUPS.flatMap(({ metrics }) => metrics);
