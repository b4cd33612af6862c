import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.fixture.ts';
import { main } from '../main.ts';
import { createLogger, errorFields } from './logger.ts';
import { FLAGS, logLines, messages, ready, startDaemon, type TestDaemon } from './test-daemon.fixture.ts';

const SECRET = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ';

describe('the log', () => {
  it.each(['json', 'pretty'] as const)('never has a secret, however a line is written (%s)', (format) => {
    const io = capturedIo();
    const logger = createLogger(io.stdout, { format, level: 'debug', color: false });
    logger.info({ token: SECRET, readOnlyToken: SECRET }, 'at the top');
    logger.info({ headers: { authorization: `Bearer ${SECRET}` } }, 'in headers');
    logger.info({ adminApi: { tls: { key: SECRET, cert: 'public' }, token: SECRET } }, 'in settings');
    logger.error(errorFields(Object.assign(new Error('broken'), { password: SECRET })), 'in an error');
    expect(io.out()).toContain('in an error');
    expect(io.out().match(/\[secret\]/g)).toHaveLength(6);
    expect(io.out()).not.toContain(SECRET);
    expect(io.out()).toContain('public');
  });

  it('has lines of the level and of those above it', () => {
    const io = capturedIo();
    const logger = createLogger(io.stdout, { format: 'json', level: 'warn', color: false });
    logger.info('not this');
    logger.warn('this');
    expect(messages(io)).toEqual(['this']);
  });
});

describe('sluice log-level', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function sluice(...argv: string[]) {
    const io = capturedIo();
    const status = await main([...argv, '--admin-socket', join(directory, 'admin.sock')], io);
    return { status, out: io.out(), err: io.err() };
  }

  it('lets a running daemon say more and less, without what requests contain', async () => {
    const { io, ended } = startDaemon(directory, ['run', ...FLAGS]);
    await ready(io);
    const debugLines = () => logLines(io).filter(({ level }) => level === 'debug');
    expect(await sluice('log-level')).toEqual({ status: 0, out: 'info\n', err: '' });
    expect(debugLines()).toEqual([]);
    expect(await sluice('log-level', 'debug')).toMatchObject({ status: 0, out: 'debug\n' });
    await sluice('targets', '--proxy', 'web');
    expect(debugLines()).toMatchObject([
      { method: 'PUT', path: '/v1/log-level', status: 200, msg: 'a request to the admin API' },
      { method: 'GET', path: '/v1/targets', status: 200 },
      { method: 'GET', path: '/v1/latencies', status: 200 },
    ]);
    expect(await sluice('log-level', 'silent', '-o', 'json')).toMatchObject({
      out: '{\n  "level": "silent"\n}\n',
    });
    const before = io.out();
    io.signal('SIGTERM');
    expect(await ended).toBe(0);
    expect(io.out()).toBe(before);
  });

  it('takes the level that it starts with from --log-level, or -v', async () => {
    for (const [flag, level] of [
      [['--log-level', 'error'], 'error'],
      [['-v'], 'debug'],
    ] as const) {
      const { io, started, ended } = startDaemon(directory, ['run', ...FLAGS, ...flag]);
      await expect.poll(() => started[0]?.logger.level).toBe(level);
      await expect.poll(() => sluice('status')).toMatchObject({ status: 0 });
      io.signal('SIGTERM');
      await ended;
    }
  });

  /** Writes a configuration file with this level, for a daemon in the folder of the test. */
  const writeLevel = (level: string) => {
    const web =
      '{ name: web, listen: { interfaces: [lo], port: 80 }, defaultTarget: { ip: 10.0.0.1, port: 80 } }';
    return writeFile(
      join(directory, 'sluice.yaml'),
      `proxies:\n  - ${web}\nsettings: { logLevel: ${level} }\n`,
    );
  };
  const reload = async ({ io, balancer }: TestDaemon, level: string) => {
    await writeLevel(level);
    const before = balancer.applied.length;
    io.signal('SIGHUP');
    await expect.poll(() => balancer.applied.length).toBe(before + 1);
  };

  it('takes the level of the settings, also of a reload, but not of one that leaves the setting as it was', async () => {
    await writeLevel('warn');
    const daemon = startDaemon(directory, ['run', '-c', 'sluice.yaml']);
    await expect.poll(() => sluice('log-level')).toMatchObject({ out: 'warn\n' });
    await reload(daemon, 'error');
    await expect.poll(() => daemon.started[0]?.logger.level).toBe('error');
    await sluice('log-level', 'debug');
    await reload(daemon, 'error');
    expect((await sluice('log-level')).out).toBe('debug\n');
    await reload(daemon, 'info');
    await expect.poll(() => daemon.started[0]?.logger.level).toBe('info');
    daemon.io.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  it('takes --log-level before the settings, also before those of a reload', async () => {
    await writeLevel('debug');
    const daemon = startDaemon(directory, ['run', '-c', 'sluice.yaml', '--log-level', 'error']);
    await expect.poll(() => sluice('log-level')).toMatchObject({ out: 'error\n' });
    await reload(daemon, 'silent');
    expect((await sluice('log-level')).out).toBe('error\n');
    daemon.io.signal('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  it('refuses a level that there is not', async () => {
    expect(await sluice('log-level', 'loud')).toMatchObject({
      status: 64,
      err: expect.stringContaining('silent, error, warn, info, debug'),
    });
  });
});
