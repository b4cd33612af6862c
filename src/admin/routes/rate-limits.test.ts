import { describe, expect, it } from 'vitest';
import { sampleRateLimits } from '../../report/sample-reports.fixture.ts';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';

describe('the limits of proxies', () => {
  it('are told with whom they hold back', async () => {
    const answer = await createAdminApp(new SampleView()).request('/v1/rate-limits?proxy=web');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ total: 1, proxies: [sampleRateLimits] });
  });

  it('are set and cleared as a change of the configuration, which names wrong fields', async () => {
    const view = new SampleView();
    const app = createAdminApp(view);
    const put = (body: unknown, query = '') =>
      app.request(`/v1/rate-limits/web${query}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const set = await put({ perSource: { requestsPerSec: 5 } });
    expect(set.status).toBe(200);
    const { config } = await view.configuration.running();
    expect(config.proxies.find(({ name }) => name === 'web')?.rateLimits).toEqual({
      perSource: { requestsPerSec: 5, burst: 10 },
    });
    const wrong = await put({ perSource: { requestsPerSec: -1 } });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({
      details: [{ pointer: '#/perSource/requestsPerSec' }],
    });
    expect((await app.request('/v1/rate-limits/web', { method: 'DELETE' })).status).toBe(200);
    const after = (await view.configuration.running()).config;
    expect(after.proxies.find(({ name }) => name === 'web')?.rateLimits).toBeUndefined();
    expect((await app.request('/v1/rate-limits/none', { method: 'DELETE' })).status).toBe(404);
  });
});
