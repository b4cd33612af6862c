/** prom-client exports these as gauges whose names say that they are counters. */
const MISNAMED = /^nodejs_active_(handles|requests|resources)_total$/;
const OURS = /^(process|nodejs)_/;
/** One of the metrics that prom-client registers together. */
const LANDMARK = 'process_cpu_seconds_total';

/**
 * CPU time, memory, descriptors, event loop and garbage collection of this process, in Prometheus' text format. They belong to
 * the process and not to a balancer, so they stay in prom-client's own registry, once for all; other metrics there are not told.
 */
export async function processMetrics(): Promise<string> {
  const { collectDefaultMetrics, register } = await import('prom-client');
  if (register.getSingleMetric(LANDMARK) === undefined) collectDefaultMetrics();
  const names = register.getMetricsAsArray().map(({ name }) => name);
  const told = names.filter((name) => OURS.test(name) && !MISNAMED.test(name));
  const texts = await Promise.all(told.map((name) => register.getSingleMetricAsString(name)));
  return texts.map((text) => `${text}\n`).join('');
}
