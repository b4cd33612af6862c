import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleStatus } from '../../report/sample-reports.fixture.ts';
import { SampleView } from '../sample-view.fixture.ts';
import { AdminServer } from '../server.ts';
import { ask, bearer } from '../tcp/tcp.fixture.ts';
import { DashboardServer } from './dashboard-server.ts';

let directory: string;
let view: SampleView;
let daemon: AdminServer;
let server: DashboardServer;
let origin: string;
let token: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-dashboard-'));
  view = new SampleView();
  const socketPath = join(directory, 'admin.sock');
  daemon = await AdminServer.start({ view, socketPath });
  server = await DashboardServer.start({ daemon: { socketPath }, port: 0 });
  const link = new URL(server.url);
  origin = link.origin;
  token = link.hash.replace('#token=', '');
});
afterEach(async () => {
  await server.close();
  await daemon.close();
  await rm(directory, { recursive: true });
});

const STATE = '/v1/targets/web/10.0.0.1%3A8080/state';
const json = { 'content-type': 'application/json' };

describe('the dashboard of a daemon without TCP', () => {
  it('is at a random link on 127.0.0.1', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{64}$/);
    await using other = await DashboardServer.start({ daemon: { socketPath: 'x' }, port: 0 });
    expect(other.url.slice(-64)).not.toBe(token);
  });

  it('gives its page to anybody, and what it shows only to the token', async () => {
    const page = await ask(`${origin}/`);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const answer = await ask(`${origin}/v1/status`, { headers: bearer(token) });
    expect(JSON.parse(answer.text)).toEqual(sampleStatus);
    for (const headers of [{}, bearer('x'), bearer(token.slice(1))]) {
      const refused = await ask(`${origin}/v1/status`, { headers });
      expect([refused.status, refused.text.includes('web')]).toEqual([401, false]);
    }
  });

  it('hands on what its page asks for: queries, changes, states, errors', async () => {
    const own = { ...bearer(token), origin };
    await ask(`${origin}/v1/connections?proxy=web&limit=7`, { headers: own });
    expect(view.filters).toMatchObject([{ proxy: 'web', limit: 7 }]);
    const body = JSON.stringify({ state: 'drain', timeoutMs: 5000 });
    const changed = await ask(`${origin}${STATE}`, { method: 'PUT', headers: { ...own, ...json }, body });
    expect([changed.status, JSON.parse(changed.text).state]).toEqual([200, 'drain']);
    expect(view.timeouts).toEqual([5000]);
    const wrong = await ask(`${origin}${STATE}`, {
      method: 'PUT',
      headers: { ...own, ...json },
      body: '{"state":1}',
    });
    expect([wrong.status, JSON.parse(wrong.text).code]).toEqual([400, 'usage']);
    const { headers } = await ask(`${origin}/v1/config`, { headers: own });
    const again = { ...own, 'if-none-match': String(headers.etag) };
    expect((await ask(`${origin}/v1/config`, { headers: again })).status).toBe(304);
  });

  it('is used by no other page, by no other name', async () => {
    for (const headers of [
      { ...bearer(token), origin: 'https://evil.example' },
      { ...bearer(token), origin: 'null' },
      { ...bearer(token), origin: origin.replace('http:', 'https:') },
      { ...bearer(token), host: 'evil.example' },
      { ...bearer(token), host: 'evil.example', origin: 'http://evil.example' },
    ]) {
      const { status } = await ask(`${origin}/v1/detach`, { method: 'POST', headers });
      expect([403, 421], JSON.stringify(headers)).toContain(status);
    }
    expect((await ask(`${origin}/`, { headers: { host: 'evil.example' } })).status).toBe(421);
    expect(view.detached).toBe(0);
  });

  it('tells events as they happen', async () => {
    const stop = new AbortController();
    const answer = await fetch(`${origin}/v1/events`, { headers: bearer(token), signal: stop.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.getReader();
    let text = '';
    const untilTold = async (word: string) => {
      while (!text.includes(word)) text += new TextDecoder().decode((await reader?.read())?.value);
    };
    await untilTold('retry');
    view.feed.emit({ type: 'configurationRefused', reason: 'of the test' });
    await untilTold('of the test');
    stop.abort();
  });

  it('says that the daemon is not there', async () => {
    await daemon.close();
    const { status, text } = await ask(`${origin}/v1/status`, { headers: bearer(token) });
    expect([status, JSON.parse(text).code]).toEqual([503, 'unreachable']);
  });
});
