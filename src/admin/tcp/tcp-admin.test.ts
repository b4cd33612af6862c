import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretHash } from '../../config/secret.ts';
import { sampleStatus } from '../../report/sample-reports.fixture.ts';
import { AdminClient } from '../client.ts';
import { SampleView } from '../sample-view.fixture.ts';
import {
  ADMIN_TOKEN,
  apiConfig,
  ask,
  bearer,
  fileConfig,
  freePort,
  makeCertificate,
  READ_TOKEN,
} from './tcp.fixture.ts';
import { TcpAdmin } from './tcp-admin.ts';

let directory: string;
let view: SampleView;
let tcp: TcpAdmin;
let port: number;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-tcp-'));
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  view = new SampleView();
  tcp = new TcpAdmin({ view });
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
});
afterEach(() => tcp.close());

describe('the admin API on TCP', () => {
  it('answers who has the token, and nobody else', async () => {
    await tcp.apply(apiConfig(port));
    expect(tcp.url).toBe(url);
    expect(await new AdminClient({ url, token: ADMIN_TOKEN }).status()).toEqual(sampleStatus);
    for (const headers of [
      {},
      bearer('x'),
      bearer(ADMIN_TOKEN.slice(1)),
      bearer(`${ADMIN_TOKEN}0`),
      { authorization: ADMIN_TOKEN },
      { authorization: `Basic ${ADMIN_TOKEN}` },
      { 'x-api-key': '' },
    ]) {
      const { status, headers: answer, text } = await ask(`${url}/v1/status`, { headers });
      expect([status, answer['www-authenticate'], answer['content-type']]).toEqual([
        401,
        'Bearer realm="sluice"',
        'application/problem+json',
      ]);
      expect(text).not.toContain(ADMIN_TOKEN.slice(1));
    }
    await expect(new AdminClient({ url, token: 'wrong' }).detach()).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(view.detached).toBe(0);
  });

  it('takes the header of the original too', async () => {
    await tcp.apply(apiConfig(port));
    expect((await ask(`${url}/v1/status`, { headers: { 'x-api-key': ADMIN_TOKEN } })).status).toBe(200);
  });

  it('lets the token for reading read, and change nothing', async () => {
    await tcp.apply(apiConfig(port));
    const reader = new AdminClient({ url, token: READ_TOKEN });
    expect(await reader.status()).toEqual(sampleStatus);
    await expect(reader.detach()).rejects.toMatchObject({
      code: 'permission',
      message: 'this token may only read',
    });
    await expect(reader.setTargetState('web', 'a', 'drain')).rejects.toMatchObject({ code: 'permission' });
    expect([view.detached, view.states.size]).toEqual([0, 0]);
    await new AdminClient({ url, token: ADMIN_TOKEN }).detach();
    expect(view.detached).toBe(1);
  });

  it('ends the streams of a token that is accepted no more, and those alone', async () => {
    await tcp.apply(apiConfig(port));
    const asked = vi.spyOn(view.feed, 'events');
    const seen: string[] = [];
    const read = async (name: string, token: string) => {
      const events = new AdminClient({ url, token }).events({
        types: ['configurationApplied', 'flowOpened'],
      });
      for await (const event of events) seen.push(`${name} ${'hash' in event ? event.hash : ''}`);
      seen.push(`${name} ended`);
    };
    const applied = (hash: string) => view.feed.emit({ type: 'configurationApplied', generation: 1, hash });
    const streams = [read('admin', ADMIN_TOKEN), read('reader', READ_TOKEN)];
    await expect.poll(() => asked.mock.calls.length).toBe(2);
    await tcp.apply(apiConfig(port));
    applied('a');
    await expect.poll(() => seen.toSorted()).toEqual(['admin a', 'reader a']);
    const { readOnlyTokenSha256: _, ...withoutReader } = apiConfig(port);
    await tcp.apply(withoutReader);
    await expect.poll(() => seen.slice(2)).toEqual(['reader ended']);
    applied('b');
    await expect.poll(() => seen.slice(3)).toEqual(['admin b']);
    await tcp.apply({ ...withoutReader, tokenSha256: secretHash(`${ADMIN_TOKEN}0`) });
    await Promise.all(streams);
    expect(seen.slice(4)).toEqual(['admin ended']);
    // The feed has no reader that wants those any more.
    expect(view.feed.wantsFlows).toBe(false);
  });

  it('tells probes without a token whether the daemon lives and works, and no more', async () => {
    await tcp.apply(apiConfig(port));
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    expect((await ask(`${url}/readyz`)).status).toBe(200);
    for (const path of [
      '/healthz/',
      '/healthz/../v1/status',
      '//v1/status',
      '/v1/openapi.json',
      '/index.html',
      '/assets/',
      '/assets/%2e%2e/v1/status',
      '/healthz%2f',
    ]) {
      expect((await ask(`${url}${path}`)).status, path).toBe(401);
    }
  });

  it('gives the dashboard to anybody, and what it shows to the token alone', async () => {
    await tcp.apply(apiConfig(port));
    const page = await ask(`${url}/`);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const [script = ''] = /assets\/[\w.-]+\.js/.exec(page.text) ?? [];
    expect((await ask(`${url}/${script}`)).status).toBe(200);
    expect((await ask(`${url}/`, { method: 'POST' })).status).toBe(401);
    expect((await ask(`${url}/`, { headers: { host: 'evil.example' } })).status).toBe(421);
    for (const text of [ADMIN_TOKEN, READ_TOKEN, sampleStatus.configHash])
      expect(page.text).not.toContain(text);
    const changing = { method: 'POST', headers: { origin: url } };
    expect((await ask(`${url}/v1/detach`, changing)).status).toBe(401);
    const own = { ...changing, headers: { origin: url, ...bearer(ADMIN_TOKEN) } };
    expect((await ask(`${url}/v1/detach`, own)).status).toBe(200);
  });

  it('tells a token that it may only read', async () => {
    await tcp.apply(apiConfig(port));
    const access = async (token: string) =>
      (await ask(`${url}/v1/status`, { headers: bearer(token) })).headers['sluice-access'];
    expect([await access(READ_TOKEN), await access(ADMIN_TOKEN)]).toEqual(['read', undefined]);
  });

  it('is called by an address, by localhost, or by a name that the settings have', async () => {
    await tcp.apply(apiConfig(port, { allowedHosts: ['lb.example'] }));
    const statusBy = async (host: string) =>
      (await ask(`${url}/v1/status`, { headers: { ...bearer(ADMIN_TOKEN), host } })).status;
    for (const host of [`127.0.0.1:${port}`, '[::1]:80', 'localhost', 'LOCALHOST:1', 'lb.example:8081']) {
      expect(await statusBy(host), host).toBe(200);
    }
    for (const host of [
      'evil.example',
      'lb.example.evil',
      'localhost.evil',
      '127.0.0.1.evil',
      'a@lb.example',
    ]) {
      expect([421, 400], host).toContain(await statusBy(host));
    }
  });

  it('is used by no web page, unless the settings have its origin', async () => {
    await tcp.apply(apiConfig(port, { allowedOrigins: ['https://panel.example'] }));
    const by = (origin: string, method: string) =>
      ask(`${url}/v1/detach`, { method, headers: { ...bearer(ADMIN_TOKEN), origin } });
    for (const origin of [
      'https://evil.example',
      'null',
      'http://panel.example',
      'https://panel.example:444',
      url.replace('http:', 'https:'),
      `http://127.0.0.1:${port + 1}`,
      `http://localhost:${port}`,
    ]) {
      const { status, headers } = await by(origin, 'POST');
      expect([status, headers['access-control-allow-origin']], origin).toEqual([403, undefined]);
    }
    expect(view.detached).toBe(0);
    const preflight = await by('https://panel.example', 'OPTIONS');
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://panel.example',
      'access-control-allow-headers': expect.stringContaining('authorization'),
    });
    const answer = await by('https://panel.example', 'POST');
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://panel.example',
    ]);
  });

  it('changes tokens without ending a connection, and ends when it is not wanted any more', async () => {
    const tokenFile = join(directory, 'token');
    await writeFile(tokenFile, `${ADMIN_TOKEN}\n`, { mode: 0o600 });
    const config = fileConfig(port, tokenFile);
    await tcp.apply(config);
    expect((await ask(`${url}/v1/status`, { headers: bearer(ADMIN_TOKEN) })).status).toBe(200);
    await writeFile(tokenFile, READ_TOKEN);
    await tcp.apply(config);
    expect((await ask(`${url}/v1/status`, { headers: bearer(ADMIN_TOKEN) })).status).toBe(401);
    expect((await ask(`${url}/v1/status`, { headers: bearer(READ_TOKEN) })).status).toBe(200);
    await tcp.apply({ ...config, enabled: false });
    expect(tcp.url).toBeNull();
    await expect(ask(`${url}/healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('moves to another port, and stays where it is when that is taken', async () => {
    await tcp.apply(apiConfig(port));
    const taken = createServer().listen(await freePort(), '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port: takenPort } = taken.address() as { port: number };
    await expect(tcp.apply(apiConfig(takenPort))).rejects.toMatchObject({
      code: 'conflict',
      message: `the admin API cannot listen on 127.0.0.1:${takenPort}: the port is taken`,
    });
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    await new Promise((resolve) => taken.close(resolve));
    await tcp.apply(apiConfig(takenPort));
    expect(tcp.url).toBe(`http://127.0.0.1:${takenPort}`);
    await expect(ask(`${url}/healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('reads no token from a file that others may read, nor one that is easy to guess', async () => {
    const file = join(directory, 'open-token');
    await writeFile(file, ADMIN_TOKEN);
    for (const mode of [0o644, 0o604, 0o660]) {
      await chmod(file, mode);
      await expect(tcp.apply(fileConfig(port, file))).rejects.toMatchObject({
        code: 'permission',
        fix: `chmod 0600 ${file}`,
      });
    }
    await chmod(file, 0o640);
    await writeFile(file, 'hunter2');
    const error = await tcp.apply(fileConfig(port, file)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('easy to guess'),
    });
    expect(String(error)).not.toContain('hunter2');
    await expect(tcp.apply(fileConfig(port, '/nowhere'))).rejects.toMatchObject({
      code: 'file_unreadable',
    });
    expect(tcp.url).toBeNull();
  });
});

describe('the admin API on TCP with TLS', () => {
  it('shows its certificate, and a new one without ending', async () => {
    const first = await makeCertificate(directory, 'first');
    const second = await makeCertificate(directory, 'second');
    const secure = `https://127.0.0.1:${port}`;
    await tcp.apply(apiConfig(port, { tls: first }));
    expect(tcp.url).toBe(secure);
    const clientOf = async (file: string) =>
      new AdminClient({ url: secure, token: ADMIN_TOKEN, ca: await readFile(file, 'utf8') });
    expect(await (await clientOf(first.certFile)).status()).toEqual(sampleStatus);
    await expect((await clientOf(second.certFile)).status()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(ask(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    await tcp.apply(apiConfig(port, { tls: second }));
    expect(await (await clientOf(second.certFile)).status()).toEqual(sampleStatus);
  });

  it('wants a key that nobody else may read, and that fits', async () => {
    const { certFile } = await makeCertificate(directory, 'third');
    const { keyFile } = await makeCertificate(directory, 'fourth');
    await expect(tcp.apply(apiConfig(port, { tls: { certFile, keyFile } }))).rejects.toMatchObject({
      code: 'config_invalid',
    });
    await chmod(keyFile, 0o644);
    await expect(tcp.apply(apiConfig(port, { tls: { certFile, keyFile } }))).rejects.toMatchObject({
      code: 'permission',
    });
  });
});
