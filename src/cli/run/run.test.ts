import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminClient } from '../../admin/index.ts';
import type { CliIo } from '../io.ts';
import { FLAGS, logLines, ready, startDaemon, YAML } from './test-daemon.fixture.ts';

let directory: string;
let socketPath: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-run-'));
  socketPath = join(directory, 'admin.sock');
});
afterEach(() => rm(directory, { recursive: true }));

const start = (argv: readonly string[], overrides: Partial<CliIo> = {}) =>
  startDaemon(directory, argv, overrides);

describe('sluice run', () => {
  it('balances what the flags of the original say, also without naming the command', async () => {
    const { io, started, ended } = start([
      '-i',
      'eth0',
      '-i',
      'eth1',
      '-p',
      '443',
      '-t',
      '10.0.0.2:8443',
      '-s',
    ]);
    await ready(io);
    expect(started[0]).toMatchObject({ instance: 'default', loaded: { file: null, warnings: [] } });
    expect(started[0]?.loaded.config.settings.statsEnabled).toBe(true);
    expect(started[0]?.loaded.config.proxies[0]).toMatchObject({
      listen: { interfaces: ['eth0', 'eth1'], port: 443 },
      defaultTargets: [{ ip: '10.0.0.2', port: 8443 }],
    });
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });

  it('listens on port 80 and sends to 127.0.0.1:8080 unless told otherwise', async () => {
    const { io, started, ended } = start(['-i', 'eth0']);
    await ready(io);
    expect(started[0]?.loaded.config.proxies[0]).toMatchObject({
      listen: { port: 80 },
      defaultTargets: [{ ip: '127.0.0.1', port: 8080 }],
    });
    io.signal('SIGINT');
    await ended;
  });

  it('logs exactly one ready line, with what is attached where', async () => {
    const { io, ended } = start(['run', ...FLAGS, '--instance', 'blue']);
    await ready(io);
    expect(logLines(io).filter((line) => line.msg === 'ready')).toEqual([
      expect.objectContaining({
        level: 'info',
        instance: 'blue',
        config: 'command line',
        listeners: ['192.0.2.2:80/tcp'],
        interfaces: { eth0: 'native' },
        adminSocket: socketPath,
      }),
    ]);
    io.signal('SIGINT');
    await ended;
  });

  it('says which configuration file it found', async () => {
    await writeFile(join(directory, 'config.edn'), '{:proxies []}');
    await writeFile(join(directory, 'sluice.yml'), YAML);
    const { io, started, ended } = start(['run', '-s']);
    await ready(io);
    expect(started[0]?.loaded.file).toBe(join(directory, 'sluice.yml'));
    expect(started[0]?.loaded.config.settings.statsEnabled).toBe(true);
    expect(logLines(io)[0]).toMatchObject({
      msg: 'found a configuration file',
      config: join(directory, 'sluice.yml'),
    });
    io.signal('SIGINT');
    await ended;
  });

  it('writes log lines for people when asked to', async () => {
    const { io, ended } = start(['run', ...FLAGS, '--log-format', 'pretty']);
    await expect.poll(() => io.out()).toMatch(/^\[.*\] INFO: ready \{/m);
    io.signal('SIGINT');
    await ended;
  });

  it('answers on its admin socket', async () => {
    const { io, ended } = start(['run', ...FLAGS]);
    await ready(io);
    expect((await new AdminClient({ socketPath }).status()).instance).toBe('default');
    io.signal('SIGINT');
    await ended;
    await expect(stat(socketPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
