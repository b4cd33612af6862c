import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BalancerEvent, StampedEvent } from '../../events/index.ts';
import { AdminClient, type StreamOptions } from '../client.ts';
import { SampleView } from '../sample-view.fixture.ts';
import { AdminServer } from '../server.ts';
import { eventSchema } from './event-schema.ts';
import { eventStream } from './event-stream.ts';

const stamped = { proxy: 'web', target: '10.0.0.1:80' };
/** One of every type. */
const EVERY: readonly BalancerEvent[] = [
  { type: 'targetHealthy', ...stamped, reason: 'HTTP 200' },
  { type: 'targetUnhealthy', ...stamped, reason: 'timeout' },
  {
    type: 'weightsUpdated',
    proxy: 'web',
    pool: 'default',
    targets: ['a'],
    originalWeights: [1],
    effectiveWeights: [1],
  },
  { type: 'targetStateChanged', ...stamped, state: 'drain' },
  { type: 'drainStarted', ...stamped, initialConnections: 3, timeoutMs: 30_000 },
  { type: 'drainEnded', ...stamped, status: 'timeout', elapsedMs: 30_001, currentConnections: 1 },
  { type: 'circuitOpened', ...stamped, reason: 'circuit open: 60% of 10 connections failed' },
  { type: 'circuitHalfOpened', ...stamped, reason: 'circuit half-open' },
  { type: 'circuitClosed', ...stamped, reason: 'circuit closed' },
  {
    type: 'dnsResolved',
    hostname: 'a.example',
    proxies: ['api'],
    added: ['10.0.0.9'],
    removed: [],
    changed: true,
  },
  {
    type: 'dnsFailed',
    hostname: 'a.example',
    proxies: ['api'],
    error: 'line\nbreak',
    consecutiveFailures: 2,
  },
  { type: 'configurationApplied', generation: 2, hash: 'ab' },
  { type: 'configurationRefused', reason: 'one problem' },
];

let directory: string;
let socketPath: string;
let view: SampleView;
let server: AdminServer;
let client: AdminClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-events-'));
  socketPath = join(directory, 'admin.sock');
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  view = new SampleView();
  server = await AdminServer.start({ view, socketPath });
  client = new AdminClient({ socketPath });
});
afterEach(async () => {
  view.feed.close();
  await server.close();
});

/** Emits when the daemon listens for the reader. */
async function collect(options: StreamOptions, count: number, emit: () => void): Promise<StampedEvent[]> {
  const got: StampedEvent[] = [];
  const reading = client.events({ ...options, onOpen: emit });
  for await (const event of reading) {
    got.push(event);
    if (got.length === count) break;
  }
  return got;
}

describe('the events of the admin API', () => {
  it('come as they happen, each as its schema says', async () => {
    const got = await collect({}, EVERY.length, () => {
      for (const event of EVERY) view.feed.emit(event);
    });
    expect(got).toMatchObject(EVERY);
    for (const event of got) expect(eventSchema.parse(event)).toEqual(event);
  });

  it('are server-sent events with id, type, data and the time to come back', async () => {
    const outgoing = request({
      socketPath,
      path: '/v1/events?type=configurationApplied',
      agent: false,
    }).end();
    const [incoming] = await once(outgoing, 'response');
    expect(incoming.headers['content-type']).toBe('text/event-stream');
    let text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await expect.poll(() => text).toBe('retry: 1000\n\n');
    for (const event of EVERY) view.feed.emit(event);
    const [told] = view.feed.recent({ types: ['configurationApplied'] });
    const wanted = `retry: 1000\n\nid: ${told?.id}\nevent: configurationApplied\ndata: ${JSON.stringify(told)}\n\n`;
    await expect.poll(() => text).toBe(wanted);
    outgoing.destroy();
  });

  it('go on after the last one that was read', async () => {
    for (const event of EVERY) view.feed.emit(event);
    const after = view.feed.recent()[10]?.id;
    const got = await collect({ after }, 3, () => view.feed.emit(EVERY[0] as BalancerEvent));
    expect(got.map(({ type }) => type)).toEqual([
      'configurationApplied',
      'configurationRefused',
      'targetHealthy',
    ]);
  });

  it('are filtered by type and proxy', async () => {
    const got = await collect({ proxy: 'api', types: ['dnsFailed', 'targetHealthy'] }, 1, () => {
      for (const event of EVERY) view.feed.emit(event);
    });
    expect(got).toMatchObject([{ type: 'dnsFailed', error: 'line\nbreak' }]);
  });

  it('of the past are listed, the youngest last, in pages from the end', async () => {
    for (const event of EVERY) view.feed.emit(event);
    const types = async (filter: Parameters<AdminClient['recentEvents']>[0]) => {
      const { total, events } = await client.recentEvents(filter);
      return [total, ...events.map(({ type }) => type)];
    };
    expect(await types({ limit: 2 })).toEqual([13, 'configurationApplied', 'configurationRefused']);
    expect(await types({ limit: 1, offset: 3 })).toEqual([13, 'dnsResolved']);
    expect(await types({ proxy: 'api', offset: 1 })).toEqual([2, 'dnsResolved']);
    expect(await types({ types: ['drainEnded', 'drainStarted'] })).toEqual([2, 'drainStarted', 'drainEnded']);
    expect(await types({ offset: 99 })).toEqual([13]);
  });

  it('say what can be asked for', async () => {
    const asked = client.recentEvents({ types: ['x' as 'dnsFailed'] });
    await expect(asked).rejects.toMatchObject({
      code: 'usage',
      details: [{ where: 'type', message: expect.stringContaining('targetHealthy') }],
    });
    const first = client
      .events({ types: ['x' as 'dnsFailed'] })
      [Symbol.asyncIterator]()
      .next();
    await expect(first).rejects.toMatchObject({ code: 'usage' });
  });

  it('are dropped, and counted, for a client that does not read', async () => {
    const socket = createConnection(socketPath);
    await once(socket, 'connect');
    socket.write('GET /v1/events HTTP/1.1\r\nhost: a\r\n\r\n');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await expect.poll(() => text).toContain('retry');
    socket.pause();
    const reason = 'x'.repeat(1_000);
    for (let batch = 0; batch < 30; batch += 1) {
      for (let index = 0; index < 100; index += 1) view.feed.emit({ type: 'configurationRefused', reason });
      await new Promise((resolve) => setImmediate(resolve));
    }
    view.feed.emit({ type: 'configurationApplied', generation: 9, hash: 'last' });
    socket.resume();
    await expect.poll(() => text, { timeout: 10_000 }).toContain('"hash":"last"');
    socket.destroy();
    const count = Number(/"type":"eventsDropped","count":(\d+)/.exec(text)?.[1]);
    const told = text.split('event: configurationRefused').length - 1;
    expect(count).toBeGreaterThan(0);
    expect(told + count).toBe(3_000);
  });

  it('have so many readers at a time, and forget those that leave', async () => {
    const open = async () => {
      const outgoing = request({ socketPath, path: '/v1/events', agent: false }).end();
      outgoing.on('error', () => {});
      const [incoming] = await once(outgoing, 'response');
      return { outgoing, status: incoming.statusCode };
    };
    await new Promise((resolve) =>
      request({ socketPath, path: '/v1/events', method: 'HEAD', agent: false }, resolve).end(),
    );
    const readers = await Promise.all(Array.from({ length: 64 }, open));
    expect(readers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await open()).status).toBe(507);
    readers.pop()?.outgoing.destroy();
    await expect.poll(async () => (await open()).status).toBe(200);
    for (const { outgoing } of readers) outgoing.destroy();
  });

  it('end with the balancer, at once', async () => {
    const reading = collect({}, 5, () => view.feed.close());
    expect(await reading).toEqual([]);
  });
});

describe('a stream of events', () => {
  it('shows that it lives while nothing happens', async () => {
    const reading = view.feed.events();
    const stream = eventStream(reading, { heartbeatMs: 10, onEnd: () => {} }).pipeThrough(
      new TextDecoderStream(),
    );
    const got: string[] = [];
    for await (const text of stream) {
      got.push(text);
      if (got.length === 3) break;
    }
    expect(got).toEqual(['retry: 1000\n\n', ': still here\n\n', ': still here\n\n']);
  });
});
