import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { exec, fetchMany, httpUrl, type OwnedProcess, startNginx } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { type Balancer, SLUICE } from '../support/balancer.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { useScene } from '../support/scene.ts';

const UNIT = join(import.meta.dirname, '../../packaging/sluice.service');
const eventually = <T>(probe: () => T | Promise<T>) => expect.poll(probe, { timeout: patienceMs(15_000) });

/** Receives datagrams as systemd does, and writes each as a line of JSON: who sent it, and its text. */
const RECEIVER = `
import json, socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    text, ancillary, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(12))
    pid = struct.unpack("iii", ancillary[0][2])[0]
    print(json.dumps([pid, text.decode()]), flush=True)
`;

/** The unit's settings of a name. */
function settings(name: string): string[] {
  const lines = readFileSync(UNIT, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
}

describe('as a service of systemd', () => {
  let manager: OwnedProcess;
  const scene = useScene({ clients: 1, targets: 2 }, async ({ lab }) => {
    await Promise.all(lab.targets.map((target) => startNginx(target)));
    manager = lab.balancer.spawn(['python3', '-c', RECEIVER, join(lab.directory, 'notify')]);
    await vi.waitFor(() => expect(manager.stdout).toContain('bound'), { timeout: patienceMs(15_000) });
  });
  const config = (count: number) => {
    const targets = scene.lab.targets.slice(0, count).map(({ v4 }) => v4);
    return configOf([proxy({ name: 'web', port: 80, protocol: 'tcp', targets })]);
  };

  /** Capabilities of the unit, and nothing else of root's. */
  function likeTheUnit(): string[] {
    const names = (settings('CapabilityBoundingSet')[0] ?? '').toLowerCase().split(' ');
    const set = ['-all', ...names.map((name) => name.replace('cap_', '+'))].join(',');
    const env = [`NOTIFY_SOCKET=${join(scene.lab.directory, 'notify')}`, 'WATCHDOG_USEC=400000'];
    return ['env', ...env, 'setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=${set}`];
  }

  /** What the manager was told by this daemon since it began, a line each. */
  function said(balancer: Balancer): string[] {
    const lines = manager.stdout.split('\n').filter((line) => line.startsWith('['));
    const told = lines.map((line): [number, string] => JSON.parse(line));
    return told.filter(([pid]) => pid === balancer.process.pid).flatMap(([, text]) => text.split('\n'));
  }

  it('runs with the three capabilities of the unit alone, and tells how it is', async () => {
    const { lab } = scene;
    const balancer = await scene.start(config(1), { wrap: likeTheUnit() });
    const { code, stdout } = await exec(['grep', 'CapBnd', `/proc/${balancer.process.pid}/status`]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'CapBnd:\t000000c000001000\n' });
    await eventually(() => said(balancer)).toContain('READY=1');
    expect(said(balancer)).toContain('STATUS=balancing 1 proxy, 1 target');
    const first = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 20 });
    expect(first).toMatchObject({ byTarget: { target1: 20 }, errors: {} });

    await eventually(() => said(balancer).filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThan(2);
    await balancer.reload(config(2));
    await eventually(() => said(balancer)).toContain('STATUS=balancing 1 proxy, 2 targets');
    const lines = said(balancer).filter((line) => /^(READY|RELOADING|STOPPING)=/.test(line));
    expect(lines).toEqual(['READY=1', 'RELOADING=1', 'READY=1']);
    const second = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 40 });
    expect(Object.keys(second.byTarget).sort()).toEqual(['target1', 'target2']);

    // A restart adopts what is there, also without root's other powers.
    expect(await balancer.stop('SIGTERM')).toBe(0);
    await eventually(() => said(balancer).at(-1)).toBe('STOPPING=1');
    await balancer.startDaemon();
    expect(balancer.process.stdout).toContain('adopted what an earlier daemon left');
    const third = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 20 });
    expect(third.errors).toEqual({});
    expect(await balancer.stop('SIGINT')).toBe(0);
  });

  it('gets no pings from a daemon that stands still', async () => {
    const balancer = await scene.start(config(1), { wrap: likeTheUnit() });
    const pings = () => said(balancer).filter((line) => line === 'WATCHDOG=1').length;
    await eventually(pings).toBeGreaterThan(1);
    process.kill(balancer.process.pid, 'SIGSTOP');
    const before = pings();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(pings() - before).toBeLessThanOrEqual(1);
    process.kill(balancer.process.pid, 'SIGCONT');
    await eventually(pings).toBeGreaterThan(before + 1);
  });

  it('has a unit that systemd accepts, and calls safe enough', async () => {
    const unit = readFileSync(UNIT, 'utf8').replaceAll('/usr/bin/sluice', SLUICE);
    const path = join(scene.lab.directory, 'sluice.service');
    writeFileSync(path, unit);
    const verified = await exec(['systemd-analyze', 'verify', '--man=no', path]);
    expect(verified).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const { stdout } = await exec(['systemd-analyze', 'security', '--offline=true', '--no-pager', path]);
    const exposure = /Overall exposure level for sluice\.service: ([\d.]+)/.exec(stdout)?.[1];
    expect(Number(exposure)).toBeLessThan(4);
  });
});
