import { expect, it } from 'vitest';
import { sampleMetrics } from '../../admin/sample-view.fixture.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { run } = useSampleDaemon();

it('sluice metrics shows what Prometheus would get', async () => {
  expect(await run('metrics')).toMatchObject({ status: 0, out: sampleMetrics, err: '' });
});
