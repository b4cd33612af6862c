import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminClient, AdminServer } from '../../admin/index.ts';
import { SampleView } from '../../admin/sample-view.ts';
import type { Config } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { recordedIo } from '../../host/recorded-io.ts';
import { type CapturedIo, capturedIo } from '../captured-io.ts';
import type { RunningBalancer, StartOptions } from '../control-plane.ts';
import type { CliIo } from '../io.ts';
import { main } from '../main.ts';

let directory: string;
let socketPath: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-run-'));
  socketPath = join(directory, 'admin.sock');
});
afterEach(() => rm(directory, { recursive: true }));

/** A balancer without a kernel: it remembers what it was told. */
class RememberingBalancer extends SampleView implements RunningBalancer {
  readonly calls: string[] = [];
  readonly applied: Config[] = [];

  async apply(config: Config): Promise<void> {
    this.applied.push(config);
  }

  override async detach(): Promise<void> {
    this.calls.push('detach');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }
}

interface Started {
  readonly io: CapturedIo;
  readonly balancer: RememberingBalancer;
  readonly started: StartOptions[];
  readonly ended: Promise<number>;
}

function start(argv: readonly string[], overrides: Partial<CliIo> = {}): Started {
  const balancer = new RememberingBalancer();
  const started: StartOptions[] = [];
  const io = capturedIo({
    cwd: directory,
    loadControl: async () => ({
      LoadBalancer: {
        start: async (options) => {
          started.push(options);
          return balancer;
        },
      },
      detachInstance: async () => false,
    }),
    ...overrides,
  });
  return { io, balancer, started, ended: main([...argv, '--admin-socket', socketPath], io) };
}

const FLAGS = ['-i', 'eth0', '-p', '80', '-t', '10.0.0.1:8080'];
const YAML =
  'proxies:\n  - name: web\n    listen: { interfaces: [lo], port: 80 }\n    defaultTarget: { ip: 10.0.0.1, port: 8080 }\n';

function logLines(io: CapturedIo): Record<string, unknown>[] {
  return io
    .out()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const messages = (io: CapturedIo) => logLines(io).map((line) => line.msg);
const ready = (io: CapturedIo) => expect.poll(() => messages(io)).toContain('ready');

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
    expect(started[0]).toMatchObject({ configFile: null, instance: 'default', warnings: [] });
    expect(started[0]?.config.settings.statsEnabled).toBe(true);
    expect(started[0]?.config.proxies[0]).toMatchObject({
      listen: { interfaces: ['eth0', 'eth1'], port: 443 },
      defaultTargets: [{ ip: '10.0.0.2', port: 8443 }],
    });
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });

  it('listens on port 80 and sends to 127.0.0.1:8080 unless told otherwise', async () => {
    const { io, started, ended } = start(['-i', 'eth0']);
    await ready(io);
    expect(started[0]?.config.proxies[0]).toMatchObject({
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
    expect(started[0]?.configFile).toBe(join(directory, 'sluice.yml'));
    expect(started[0]?.config.settings.statsEnabled).toBe(true);
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

describe('stopping', () => {
  it('detaches at Ctrl-C and says so', async () => {
    const { io, balancer, ended } = start(FLAGS);
    await ready(io);
    io.signal('SIGINT');
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['detach', 'close']);
    expect(messages(io).at(-1)).toBe('detached; nothing is left in the kernel');
    expect(io.signal('SIGINT')).toBe(false);
  });

  it('leaves traffic flowing at SIGTERM and says how to detach', async () => {
    const { io, balancer, ended } = start([...FLAGS, '--instance', 'blue']);
    await ready(io);
    io.signal('SIGTERM');
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['close']);
    expect(logLines(io).at(-1)).toMatchObject({ detach: 'sluice detach --instance blue' });
  });

  it('detaches at SIGTERM with --detach-on-exit', async () => {
    const { io, balancer, ended } = start([...FLAGS, '--detach-on-exit']);
    await ready(io);
    io.signal('SIGTERM');
    await ended;
    expect(balancer.calls).toEqual(['detach', 'close']);
    expect(messages(io).at(-1)).toBe('detached; nothing is left in the kernel');
  });

  it('ends at once at a second Ctrl-C', async () => {
    const { io, balancer, ended } = start(FLAGS);
    await ready(io);
    let release = () => {};
    const detaching = new Promise<void>((resolve) => {
      release = resolve;
    });
    balancer.detach = () => detaching;
    io.signal('SIGINT');
    expect(io.exits).toEqual([]);
    io.signal('SIGINT');
    expect(io.exits).toEqual([130]);
    release();
    await ended;
  });

  it('ends after a detach over the admin socket, once the answer is sent', async () => {
    const { io, balancer, ended } = start(FLAGS);
    await ready(io);
    await new AdminClient({ socketPath }).detach();
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['detach', 'close']);
  });
});

describe('reloading', () => {
  it('applies the file again at SIGHUP', async () => {
    const file = join(directory, 'sluice.yaml');
    await writeFile(file, YAML);
    const { io, balancer, ended } = start(['run', '-c', 'sluice.yaml']);
    await ready(io);
    await writeFile(file, YAML.replace('10.0.0.1', '10.0.0.9'));
    io.signal('SIGHUP');
    await expect.poll(() => messages(io)).toContain('reloaded');
    expect(balancer.applied[0]?.proxies[0]?.defaultTargets[0]?.ip).toBe('10.0.0.9');
    io.signal('SIGINT');
    await ended;
  });

  it('keeps what runs and logs every error when the file is bad', async () => {
    const file = join(directory, 'sluice.yaml');
    await writeFile(file, YAML);
    const { io, balancer, ended } = start(['run', '-c', 'sluice.yaml']);
    await ready(io);
    await writeFile(file, YAML.replace('port: 80 ', 'port: 0 '));
    io.signal('SIGHUP');
    await expect.poll(() => messages(io)).toContain('not reloaded; the last good configuration stays');
    expect(logLines(io).at(-1)).toMatchObject({
      level: 'error',
      code: 'config_invalid',
      details: [{ where: expect.stringMatching(/sluice\.yaml:3:\d+$/) }],
    });
    expect(balancer.applied).toEqual([]);
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });

  it('does not die of SIGHUP without a file', async () => {
    const { io, ended } = start(FLAGS);
    await ready(io);
    io.signal('SIGHUP');
    await expect.poll(() => messages(io).at(-1)).toContain('nothing to reload');
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });
});

describe('what keeps a daemon from starting', () => {
  it('is missing privileges, named', async () => {
    const host = recordedIo({ files: { '/proc/self/status': 'CapEff:\t0000000000001000' } });
    const { io, started, ended } = start(FLAGS, { host });
    expect(await ended).toBe(77);
    expect(io.err()).toMatch(/^sluice: this needs root: CAP_BPF, CAP_PERFMON missing\nfix: run with sudo/);
    expect(started).toEqual([]);
  });

  it('is a bad configuration, before anything is touched', async () => {
    await writeFile(join(directory, 'bad.json'), '{"proxies": 3}');
    const { io, started, ended } = start(['run', '-c', 'bad.json']);
    expect(await ended).toBe(78);
    expect(io.err()).toMatch(/bad\.json:1:\d+/);
    expect(started).toEqual([]);
  });

  it('is another daemon of the instance, before the kernel is touched', async () => {
    await using _other = await AdminServer.start({ view: new SampleView(), socketPath });
    const { io, started, ended } = start(FLAGS);
    expect(await ended).toBe(73);
    expect(io.err()).toContain('a daemon already answers');
    expect(started).toEqual([]);
  });

  it('is an error of the control plane, and no socket is left', async () => {
    const { io, ended } = start(FLAGS, {
      loadControl: async () => ({
        LoadBalancer: {
          start: async () => {
            throw new SluiceError('not_found', 'interface "eth0" does not exist', { fix: 'ip link' });
          },
        },
        detachInstance: async () => false,
      }),
    });
    expect(await ended).toBe(69);
    expect(io.err()).toBe('sluice: interface "eth0" does not exist\nfix: ip link\n');
    await expect(stat(socketPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('tells who asks too early to ask again', async () => {
    let proceed = () => {};
    const waiting = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const balancer = new RememberingBalancer();
    const { io, ended } = start(FLAGS, {
      loadControl: async () => ({
        LoadBalancer: { start: () => waiting.then(() => balancer) },
        detachInstance: async () => false,
      }),
    });
    await expect
      .poll(() =>
        stat(socketPath)
          .then(() => true)
          .catch(() => false),
      )
      .toBe(true);
    await expect(new AdminClient({ socketPath }).status()).rejects.toThrow('the daemon is still starting');
    io.signal('SIGINT');
    proceed();
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['detach', 'close']);
  });
});
