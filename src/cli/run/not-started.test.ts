import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminClient, AdminServer } from '../../admin/index.ts';
import { SampleView } from '../../admin/sample-view.fixture.ts';
import { SluiceError } from '../../errors/index.ts';
import { recordedIo } from '../../host/recorded-io.fixture.ts';
import { HEALTHY_FILES, healthyHost } from '../captured-io.fixture.ts';
import type { CliIo } from '../io.ts';
import { controlPlane, FLAGS, RememberingBalancer, startDaemon } from './test-daemon.fixture.ts';

let directory: string;
let socketPath: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-run-'));
  socketPath = join(directory, 'admin.sock');
});
afterEach(() => rm(directory, { recursive: true }));

const start = (argv: readonly string[], overrides: Partial<CliIo> = {}) =>
  startDaemon(directory, argv, overrides);

describe('what keeps a daemon from starting', () => {
  it('is missing privileges, named', async () => {
    const host = recordedIo({ files: { '/proc/self/status': 'CapEff:\t0000000000001000' } });
    const { io, started, ended } = start(FLAGS, { host });
    expect(await ended).toBe(77);
    expect(io.err()).toMatch(/^sluice: this needs root: CAP_BPF, CAP_PERFMON missing\nfix: run with sudo/);
    expect(started).toEqual([]);
  });

  it('is a kernel older than 5.15, a host without bpffs, or no libbpf: what is missing and what to do', async () => {
    const old = healthyHost({ ...HEALTHY_FILES, '/proc/sys/kernel/osrelease': '5.10.0-28-amd64' });
    const unmounted = healthyHost({ ...HEALTHY_FILES, '/proc/self/mounts': '' });
    const noLibbpf = () => Promise.reject(new Error('libbpf.so.1: cannot open shared object file'));
    for (const [overrides, said] of [
      [{ host: old }, 'Linux 5.10.0-28-amd64 is too old'],
      [{ host: unmounted }, 'mount -t bpf -o mode=0700 bpf /sys/fs/bpf'],
      [{ libbpfVersion: noLibbpf }, 'libbpf'],
    ] as const) {
      const { io, started, ended } = start(FLAGS, overrides);
      expect(await ended).toBe(70);
      expect(io.err()).toContain(said);
      expect(started).toEqual([]);
    }
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
      loadControl: async () =>
        controlPlane(async () => {
          throw new SluiceError('not_found', 'interface "eth0" does not exist', { fix: 'ip link' });
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
      loadControl: async () => controlPlane(() => waiting.then(() => balancer)),
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
