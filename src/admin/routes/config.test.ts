import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configHash, parseConfig } from '../../config/index.ts';
import { anyChange } from '../../config/testing/changes.ts';
import { SluiceError } from '../../errors/index.ts';
import { createAdminApp } from '../app.ts';
import { type ConfigCall, ConfigClient } from '../config-client.ts';
import { fromProblem } from '../problem.ts';
import { SAMPLE_CONFIG } from '../sample-config.fixture.ts';
import { SampleView } from '../sample-view.fixture.ts';

/** A client that speaks to an app without a socket. */
function clientOf(view: SampleView): ConfigClient {
  const app = createAdminApp(view);
  const call: ConfigCall = async (method, path, { body, headers } = {}) => {
    const json = { 'content-type': 'application/json', ...headers };
    const answer = await app.request(path, {
      method,
      headers: json,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const content: unknown = await answer.json();
    if (answer.status < 400) return content;
    throw fromProblem(content) ?? new Error(`status ${answer.status}`);
  };
  return new ConfigClient(call);
}

async function request(view: SampleView, method: string, path: string, body?: unknown, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await createAdminApp(view).request(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: text }),
  });
  const content: Record<string, unknown> = JSON.parse(await answer.text());
  return { status: answer.status, etag: answer.headers.get('etag'), body: content };
}

describe('a change over the API', () => {
  it('reaches the daemon as it was meant, whatever it is', async () => {
    const change = anyChange({ interfaces: ['eth0', 'eth1'], targets: ['10.0.0.1', '10.0.0.2'] });
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), fc.boolean(), async (each, dryRun, plan) => {
        const view = new SampleView();
        await clientOf(view)
          .change(each, { dryRun, plan, ifHash: ['a', 'b'] })
          .catch((error: unknown) => expect(error).toBeInstanceOf(SluiceError));
        expect(JSON.parse(JSON.stringify(view.configuration.asked))).toEqual([
          { what: JSON.parse(JSON.stringify(each)), options: { dryRun, plan, ifHash: ['a', 'b'] } },
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it('shows the state that it leads to as ETag, and goes ahead only over the one that was meant', async () => {
    const view = new SampleView();
    const read = await request(view, 'GET', '/v1/proxies/web');
    expect(read).toMatchObject({ status: 200, body: { name: 'web' } });
    const path = '/v1/proxies/dns';
    const ifMatch = { 'if-match': read.etag };
    const first = await request(view, 'DELETE', path, undefined, ifMatch);
    expect(first).toMatchObject({ status: 200, etag: `"${first.body.hash}"` });
    const late = await request(view, 'DELETE', path, undefined, ifMatch);
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    expect(late.body.detail).toContain(first.etag);
  });

  it('that is not valid is refused with pointers into what was sent', async () => {
    const view = new SampleView();
    const proxy = {
      name: 'x',
      listen: { interfaces: ['eth0'], port: 0 },
      defaultTarget: [{ ip: 'nowhere' }],
    };
    expect(await request(view, 'POST', '/v1/proxies', proxy)).toMatchObject({
      status: 422,
      body: {
        code: 'config_invalid',
        details: [
          { pointer: '#/listen/port', message: expect.stringContaining('from 1 to 65535') },
          { pointer: '#/defaultTarget/0/ip' },
          { pointer: '#/defaultTarget/0/port' },
        ],
      },
    });
    expect(await request(view, 'PUT', '/v1/proxies/web/weights', { weights: { a: 'b' } })).toMatchObject({
      status: 400,
      body: { details: [{ pointer: '#/weights' }] },
    });
    expect(await request(view, 'POST', '/v1/proxies/web/targets?dryRun=yes', {})).toMatchObject({
      status: 400,
      body: { details: [{ where: 'dryRun', message: 'expected true or false' }] },
    });
  });

  it.each([
    ['POST', '/v1/proxies', 400],
    ['PUT', '/v1/config', 422],
  ])('of what is nested without end is refused (%s %s)', async (method, path, status) => {
    const view = new SampleView();
    const deep = `{"name": ${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const answer = await request(view, method, path, deep);
    expect([status, 422]).toContain(answer.status);
    expect(view.configuration.asked.length).toBeLessThanOrEqual(1);
  });
});

describe('the whole configuration', () => {
  it('is told with its hash, and not again to who has it', async () => {
    const view = new SampleView();
    const { config } = parseConfig(SAMPLE_CONFIG, { format: 'yaml', file: null });
    const read = await request(view, 'GET', '/v1/config');
    expect(read.etag).toBe(`"${configHash(config)}"`);
    expect(parseConfig(JSON.stringify(read.body.config), { format: 'json', file: null }).config).toEqual(
      config,
    );
    const again = await createAdminApp(view).request('/v1/config', {
      headers: { 'if-none-match': `"${configHash(config)}"` },
    });
    expect(again.status).toBe(304);
  });

  it('takes the place of the one in force, also when it is larger than other bodies may be', async () => {
    const view = new SampleView();
    const { proxies } = (await view.configuration.running()).config;
    const many = Array.from({ length: 1000 }, (_, index) => ({
      ...proxies[0],
      name: `p${index}`,
      listen: { interfaces: ['eth0'], port: 1000 + index, protocol: 'tcp' },
    }));
    const dry = await request(view, 'PUT', '/v1/config?dryRun=true', { proxies: many });
    expect(dry).toMatchObject({ status: 200, etag: null, body: { dryRun: true, plan: null } });
    expect((await view.configuration.running()).config.proxies).toHaveLength(2);
    expect((await request(view, 'PUT', '/v1/config', { proxies: many })).status).toBe(200);
    expect((await view.configuration.running()).config.proxies).toHaveLength(1000);
    expect((await request(view, 'GET', '/v1/proxies?limit=2&offset=3')).body).toMatchObject({
      total: 1000,
      proxies: [{ name: 'p3' }, { name: 'p4' }],
    });
  });

  it('is refused with pointers, and keys that are there twice are', async () => {
    const view = new SampleView();
    const wrong = await request(view, 'PUT', '/v1/config', '{"proxies": [], "proxies": [], "setings": {}}');
    expect(wrong).toMatchObject({
      status: 422,
      body: {
        details: [
          { pointer: '#/proxies' },
          { message: expect.stringContaining('twice') },
          { pointer: '#/setings' },
        ],
      },
    });
  });
});
