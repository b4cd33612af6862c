import { describe, expect, it } from 'vitest';
import { AdminServer } from '../../admin/index.ts';
import { capturedIo } from '../captured-io.fixture.ts';
import { main } from '../main.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();
const AT = '2026-01-02T03:04:05.678Z';

const unhealthy = (target: string) =>
  ({ type: 'targetUnhealthy', proxy: 'web', target, reason: 'no answer within 1000 ms' }) as const;

describe('sluice events', () => {
  it('shows what happened lately, a line each', async () => {
    const { feed } = daemon().view;
    feed.emit({ type: 'configurationApplied', generation: 3, hash: 'ab'.repeat(32) });
    feed.emit(unhealthy('10.0.0.1:80'));
    feed.emit({
      type: 'drainEnded',
      proxy: 'web',
      target: '10.0.0.2:80',
      status: 'timeout',
      elapsedMs: 30_000,
      currentConnections: 4,
    });
    feed.emit({
      type: 'dnsResolved',
      hostname: 'a.example',
      proxies: [],
      added: ['10.0.0.9'],
      removed: ['10.0.0.8'],
      changed: true,
    });
    expect((await run('events')).out).toBe(
      [
        `${AT} configurationApplied generation 3, abababababab`,
        `${AT} targetUnhealthy      10.0.0.1:80 of web: no answer within 1000 ms`,
        `${AT} drainEnded           10.0.0.2:80 of web: timeout after 30s, 4 connections left`,
        `${AT} dnsResolved          a.example: +10.0.0.9 -10.0.0.8`,
        '',
      ].join('\n'),
    );
    expect((await run('events', '--limit', '1', '--type', 'targetUnhealthy', '-o', 'json')).out).toBe(
      `${JSON.stringify(feed.recent()[1])}\n`,
    );
    expect((await run('events', '--proxy', 'other')).out).toBe('');
    expect(await run('events', '--type', 'x')).toMatchObject({ status: 64 });
  });

  it('follows until Ctrl-C, also over a restart of the daemon, and misses nothing', async () => {
    const { view, server, socketPath } = daemon();
    const io = capturedIo();
    const targets = () =>
      io
        .out()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).target);
    view.feed.emit(unhealthy('1'));
    const ended = main(['events', '-f', '-o', 'json', '--admin-socket', socketPath], io);
    await expect.poll(targets).toEqual(['1']);
    view.feed.emit(unhealthy('2'));
    await expect.poll(targets).toEqual(['1', '2']);
    view.feed.close();
    await server.close();
    view.feed.emit(unhealthy('3'));
    await using _again = await AdminServer.start({ view, socketPath });
    await expect.poll(targets, { timeout: 5_000 }).toEqual(['1', '2', '3']);
    io.signal('SIGINT');
    view.feed.close();
    expect(await ended).toBe(0);
  });
});
