import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, freePort } from '../../admin/tcp/tcp.fixture.ts';
import type { MetricsConfig } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { MetricsServer } from './metrics-server.ts';

const faults: unknown[] = [];
let text = 'lb_up 1\n';
let failure: Error | null = null;
const server = new MetricsServer({
  collect: async () => {
    if (failure !== null) throw failure;
    return text;
  },
  onFault: (error) => faults.push(error),
});
afterEach(async () => {
  failure = null;
  text = 'lb_up 1\n';
  faults.length = 0;
  await server.stop();
});

async function settings(more: Partial<MetricsConfig> = {}): Promise<MetricsConfig> {
  return { enabled: true, address: '127.0.0.1', port: await freePort(), path: '/metrics', ...more };
}

const url = () => server.status().url ?? 'http://nowhere.invalid/';

describe('the metrics server', () => {
  it('answers its path exactly, with or without a query, and no other', async () => {
    await server.apply(await settings({ path: '/deep/metrics' }));
    expect(await ask(url())).toMatchObject({
      status: 200,
      text: 'lb_up 1\n',
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    });
    expect((await ask(`${url()}?x=1`)).status).toBe(200);
    for (const other of [`${url()}/`, url().replace('/deep', ''), url().replace('deep/metrics', '')]) {
      expect(await ask(other), other).toMatchObject({ status: 404, text: 'metrics are at /deep/metrics\n' });
    }
  });

  it('is only read', async () => {
    await server.apply(await settings());
    const head = await ask(url(), { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '8' } });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await ask(url(), { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  it('sends gzip to who takes it', async () => {
    await server.apply(await settings());
    text = 'lb_up 1\n'.repeat(1000);
    const answer = await fetch(url(), { headers: { 'accept-encoding': 'deflate, gzip;q=0.5' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(200);
    expect(await answer.text()).toBe(text);
    for (const encoding of ['identity', 'gzip;q=0', 'br']) {
      const plain = await ask(url(), { headers: { 'accept-encoding': encoding } });
      expect(plain.headers['content-encoding'], encoding).toBeUndefined();
      expect(plain.text).toBe(text);
    }
  });

  it('says why metrics cannot be read, and that a daemon is still starting', async () => {
    await server.apply(await settings());
    failure = new Error('the table is gone');
    expect(await ask(url())).toMatchObject({
      status: 500,
      text: 'the metrics cannot be read: the table is gone\n',
    });
    failure = new SluiceError('unreachable', 'the daemon is still starting');
    expect((await ask(url())).status).toBe(503);
    expect(faults).toHaveLength(2);
  });

  it('does not wait for who says nothing', async () => {
    await server.apply(await settings());
    const socket = connect(server.status().port, '127.0.0.1');
    const ended = new Promise((resolve) => socket.on('close', resolve));
    socket.on('connect', () => socket.write('GET /metrics HTTP/1.1\r\nhost: a\r\n'));
    socket.resume();
    await ended;
  });
});

describe('settings', () => {
  it('move it, change its path and end it', async () => {
    expect(server.isRunning).toBe(false);
    const first = await settings();
    await server.apply(first);
    const before = url();
    expect(server.status()).toMatchObject({ running: true, port: first.port, path: '/metrics' });
    await server.apply({ ...first, path: '/other' });
    expect(url()).toBe(before.replace('/metrics', '/other'));
    expect((await ask(url())).status).toBe(200);
    await server.apply(await settings());
    await expect(ask(before)).rejects.toThrow('ECONNREFUSED');
    expect((await ask(url())).status).toBe(200);
    await server.apply({ ...first, enabled: false });
    expect(server.status()).toMatchObject({ running: false, url: null });
  });

  it('that cannot be had leave it where it was, and say what to do', async () => {
    const own = await settings();
    await server.apply(own);
    const taken = await settings();
    await using other = new MetricsServer({ collect: async () => '' });
    await other.apply(taken);
    await expect(server.apply(taken)).rejects.toMatchObject({
      code: 'conflict',
      message: `the metrics server cannot listen on 127.0.0.1:${taken.port}: the port is taken`,
      fix: expect.stringContaining('settings.metrics.port'),
    });
    expect((await ask(url())).status).toBe(200);
    await other.stop();
    await server.apply(taken);
    expect(server.status().port).toBe(taken.port);
  });

  it('that stay the same leave alone what was started or stopped by hand', async () => {
    const own = await settings();
    await server.apply(own);
    await server.stop();
    await server.apply({ ...own });
    expect(server.isRunning).toBe(false);
    await server.start({ path: '/by-hand' });
    expect(await ask(url())).toMatchObject({ status: 200 });
    expect(server.status()).toMatchObject({ port: own.port, path: '/by-hand' });
    expect(await server.collect()).toBe('lb_up 1\n');
  });
});
