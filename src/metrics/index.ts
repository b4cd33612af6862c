export { METRIC_GROUPS, METRICS, type MetricGroup } from './catalogue.ts';
export { metricsText } from './collect.ts';
export type { HistogramCounts } from './histogram.ts';
export type { CheckTimings, CountedTarget, Measurements, ProxyDrops, TableFill } from './measurements.ts';
export { METRICS_TYPE, renderMetrics } from './render.ts';
export { followMetrics } from './server/follow.ts';
export {
  type MetricsPlace,
  MetricsServer,
  type MetricsServerOptions,
  type MetricsStatus,
} from './server/metrics-server.ts';
