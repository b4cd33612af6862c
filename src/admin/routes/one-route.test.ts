import { describe, expect, it } from 'vitest';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';

const view = new SampleView();
const app = createAdminApp(view);
const get = (path: string) => app.request(`/v1/proxies/${path}`);

describe('one route', () => {
  it('is told as in a file, however its name is written, with the state that it is of', async () => {
    const { hash } = await view.configuration.running();
    for (const source of ['10.0.0.0%2F8', '10.0.0.0%2f8']) {
      const answer = await get(`web/source-routes/${source}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('etag')).toBe(`"${hash}"`);
      expect(await answer.json()).toMatchObject({
        source: '10.0.0.0/8',
        targets: [{ ip: '10.0.0.3', port: 8080 }],
      });
    }
    expect(await (await get('web/sni-routes/A.EXAMPLE')).json()).toMatchObject({ sniHostname: 'a.example' });
  });

  it('that there is not is a problem that names those that there are', async () => {
    const answer = await get('web/source-routes/192.0.2.0%2F24');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      code: 'not_found',
      detail: 'proxy "web" has no source route of 192.0.2.0/24',
      fix: 'it has: 10.0.0.0/8',
    });
    expect((await get('nobody/sni-routes/a.example')).status).toBe(404);
  });
});
