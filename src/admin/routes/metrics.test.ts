import { expect, it } from 'vitest';
import { createAdminApp } from '../app.ts';
import { SampleView, sampleMetrics } from '../sample-view.fixture.ts';

it('serves metrics as Prometheus wants them', async () => {
  const answer = await createAdminApp(new SampleView()).request('/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await answer.text()).toBe(sampleMetrics);
});
