import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleHealth, sampleTargets } from '../../report/sample-reports.fixture.ts';
import { AdminClient } from '../client.ts';
import { SampleView } from '../sample-view.fixture.ts';
import { AdminServer } from '../server.ts';

let directory: string;
let socketPath: string;
let view: SampleView;
let server: AdminServer;
let client: AdminClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-health-'));
  socketPath = join(directory, 'admin.sock');
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  view = new SampleView();
  server = await AdminServer.start({ view, socketPath });
  client = new AdminClient({ socketPath });
});
afterEach(() => server.close());

/** Status and body of a request by hand. */
function put(path: string, body: string): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method: 'PUT', path, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) }));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

describe('the admin API', () => {
  it('answers weights and health as the balancer gave them', async () => {
    expect(await client.targets()).toEqual({ total: 1, ...sampleTargets });
    expect(await client.health()).toEqual({ total: 1, ...sampleHealth });
    await client.health('web');
    expect(view.asked).toEqual(['health of all', 'health web']);
  });

  it('hands checks and statuses on, also for proxies and targets with odd names', async () => {
    const proxies = ['web', 'a proxy / with ünusual %20 name?'];
    for (const proxy of proxies) {
      await client.health(proxy);
      expect(await client.forceCheck(proxy, '[2001:db8::1]:80')).toMatchObject({
        success: false,
        reason: 'timeout',
      });
      await client.setTargetStatus(proxy, '10.0.0.1:80', 'unhealthy');
    }
    expect(view.asked).toEqual(
      proxies.flatMap((proxy) => [
        `health ${proxy}`,
        `check ${proxy} [2001:db8::1]:80`,
        `set ${proxy} 10.0.0.1:80 unhealthy`,
      ]),
    );
  });

  it.each(['', '{', '[]', 'null', '{"status":"dead"}', '{"status":"auto","more":1}'])(
    'refuses the status %j with what to send instead',
    async (body) => {
      expect(await put('/v1/health/web/10.0.0.1:80/status', body)).toMatchObject({
        status: 400,
        body: { code: 'usage', fix: expect.stringContaining('"unhealthy"') },
      });
      expect(view.asked).toEqual([]);
    },
  );
});
