import type { Measurements } from './measurements.ts';
import { processMetrics } from './process-metrics.ts';
import { renderMetrics } from './render.ts';

/** All metrics of a balancer and of its process, in Prometheus' text format. */
export async function metricsText(measured: Measurements): Promise<string> {
  return (await renderMetrics(measured)) + (await processMetrics());
}
