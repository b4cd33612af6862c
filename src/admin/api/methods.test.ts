import { describe, expect, it } from 'vitest';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';

const app = createAdminApp(new SampleView());

describe('a path that there is', () => {
  it.each([
    ['POST', '/v1/status', 'GET, HEAD'],
    ['DELETE', '/v1/config', 'GET, HEAD, PUT'],
    ['GET', '/v1/detach', 'POST'],
    ['PATCH', '/v1/targets/web/10.0.0.1%3A8080/state', 'GET, HEAD, PUT'],
  ])('says of %s %s that it takes %s', async (method, path, allow) => {
    const answer = await app.request(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(await answer.json()).toMatchObject({ code: 'usage', fix: `this path takes ${allow}` });
  });

  it.each(['/v1/nothing', '/v1/statusx', '/v1/healthz', '/v1/targets/web', '/'])(
    'is not %s',
    async (path) => {
      const answer = await app.request(path, { method: 'DELETE' });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('allow')).toBeNull();
    },
  );
});
