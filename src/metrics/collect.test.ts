import { register } from 'prom-client';
import { expect, it } from 'vitest';
import { metricsText } from './collect.ts';
import { sampleMeasurements } from './sample-measurements.fixture.ts';

it('has the process and its event loop besides the balancer, each name once', async () => {
  await metricsText(sampleMeasurements);
  const text = await metricsText(sampleMeasurements);
  for (const name of ['lb_up', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']) {
    expect(text.match(new RegExp(`^# TYPE ${name} `, 'gm')), name).toHaveLength(1);
  }
  expect(text).not.toMatch(/^# TYPE \S+_total gauge$/m);
  expect(text.endsWith('\n')).toBe(true);
});

it('tells nothing that somebody else keeps in the registry of prom-client', async () => {
  const { Gauge } = await import('prom-client');
  const foreign = new Gauge({ name: 'somebody_elses', help: 'Not ours.' });
  foreign.set(3);
  expect(await metricsText(sampleMeasurements)).not.toContain('somebody_elses');
  register.removeSingleMetric('somebody_elses');
});
