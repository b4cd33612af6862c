import { once } from 'node:events';
import { createConnection } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdminApp } from './app.ts';
import { createHttpServer } from './http-server.ts';
import { SampleView } from './sample-view.fixture.ts';
import { ADMIN_TOKEN, apiConfig, ask, bearer, freePort } from './tcp/tcp.fixture.ts';
import { TcpAdmin } from './tcp/tcp-admin.ts';

const faults: unknown[] = [];
const tcp = new TcpAdmin({ view: new SampleView(), onFault: (error) => faults.push(error) });
let port: number;
let url: string;

beforeAll(async () => {
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  await tcp.apply(apiConfig(port));
});
afterAll(() => tcp.close());

/** Sends bytes as they are, and reads until the server has said all, or nothing for a while. */
async function sendRaw(bytes: string, to = port, patienceMs = 30): Promise<string> {
  const socket = createConnection(to, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(Buffer.from(bytes, 'latin1'));
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
  socket.destroy();
  await closed;
  return text;
}

const routes = [
  '/v1/status',
  '/v1/targets',
  '/v1/targets/web/a/state',
  '/v1/health/web/a/status',
  '/v1/dns/a/resolve',
];
const segment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('v1', '..', '%', '%2f', '%ff', 'web'),
);
const path = fc.oneof(
  fc.constantFrom(...routes),
  fc
    .tuple(fc.constantFrom(...routes), fc.string({ unit: 'binary', maxLength: 30 }))
    .map(([route, query]) => `${route}?${query}`),
  fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const method = fc.constantFrom(
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'get',
  'BREW',
);
const json = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom('{"state":"ready"}', '{"__proto__":{"state":"ready"}}', '[[[[', ''),
);
const headerName = fc.constantFrom(
  'content-type',
  'accept',
  'origin',
  'if-match',
  'if-none-match',
  'x-api-key',
  'authorization',
  'range',
  'expect',
  'transfer-encoding',
  'content-length',
  'connection',
  'upgrade',
  'host',
  'cookie',
);
const headerValue = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    'application/json',
    'multipart/form-data',
    '100-continue',
    'chunked',
    '0',
    '-1',
    '99999999',
    'null',
    '*',
  ),
);

describe('whatever is sent to the admin API', () => {
  it('is answered, and never by a fault, when it comes as a request', async () => {
    await fc.assert(
      fc.asyncProperty(method, path, json, async (verb, where, body) => {
        const target = Buffer.from(where)
          .toString('latin1')
          .replaceAll(/[\s\0]/g, '+');
        const length = `content-length: ${Buffer.byteLength(body)}`;
        const head = `${verb} ${target || '/'} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n`;
        const token = `authorization: Bearer ${ADMIN_TOKEN}\r\ncontent-type: application/json\r\n`;
        const answer = await sendRaw(
          `${head}${token}${length}\r\n\r\n${Buffer.from(body).toString('latin1')}`,
          port,
          5_000,
        );
        expect(answer).toMatch(/^HTTP\/1\.1 (2|4)\d\d /);
      }),
      { numRuns: 200 },
    );
    expect(faults).toEqual([]);
  });

  it('does not end it, when it is half a request, or none', async () => {
    const headers = fc.array(
      fc.tuple(headerName, headerValue).map(([name, value]) => `${name}: ${value}\r\n`),
      { maxLength: 6 },
    );
    const request = fc
      .tuple(method, path, headers, json)
      .map(([verb, where, lines, body]) => `${verb} ${where} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    const half = fc.tuple(request, fc.nat(200)).map(([text, length]) => text.slice(0, length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(half, request, fc.string({ unit: 'binary' })), async (bytes) => {
        await sendRaw(bytes);
      }),
      { numRuns: 150 },
    );
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    expect(faults).toEqual([]);
  });

  it('is bounded: bodies, also those that do not say how long they are, and headers', async () => {
    const put = (extra: Record<string, string>, body: string) =>
      ask(`${url}/v1/targets/web/a/state`, {
        method: 'PUT',
        headers: { ...bearer(ADMIN_TOKEN), 'content-type': 'application/json', ...extra },
        body,
      });
    const large = JSON.stringify({ state: 'x'.repeat(70_000) });
    expect((await put({}, large)).status).toBe(413);
    expect((await put({ 'transfer-encoding': 'chunked' }, large)).status).toBe(413);
    const long = await sendRaw(
      `GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      port,
      2_000,
    );
    expect(long).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('a slow client', () => {
  it('is cut off, whether it does not finish its headers or its body', async () => {
    const app = createAdminApp(new SampleView());
    const limits = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 20 };
    const server = createHttpServer(app, { limits }).listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    const { port: slowPort } = server.address() as { port: number };
    expect(await sendRaw('GET /healthz HTTP/1.1\r\nhost: a', slowPort, 5_000)).toMatch(/^HTTP\/1\.1 408 /);
    const head =
      'PUT /v1/targets/web/a/state HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{';
    expect(await sendRaw(head, slowPort, 5_000)).toMatch(/^HTTP\/1\.1 408 /);
    await new Promise((resolve) => server.close(resolve));
  });
});
