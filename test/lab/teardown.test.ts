import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../lab/host/index.ts';
import {
  assertNoLeaks,
  type KernelSnapshot,
  Lab,
  PIN_DIRECTORY,
  run,
  snapshotKernel,
  startNginx,
  sweepStaleLabs,
  uniqueInstance,
} from '../../lab/index.ts';
import { creatorWithPid } from '../../lab/naming.ts';

const root = join(import.meta.dirname, '../..');
const holder = `
  import { Lab, startNginx } from '${root}/dist/lab/index.js';
  const lab = await Lab.create({ targets: 1 });
  await startNginx(lab.target());
  process.stdout.write(lab.id);
  setInterval(() => undefined, 60_000);
`;

/** A child process that holds a lab with a server in it. */
async function holdLab() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [id] = await once(child.stdout, 'data');
  return { child, id: String(id) };
}

/** What instances of this prefix and creator have in bpffs and in /run. */
function tracesOf(prefix: string, pid: number | undefined): readonly string[] {
  return [PIN_DIRECTORY, '/run/sluice'].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${prefix}-${pid}-`)) : [],
  );
}

/** Starts a process that is no child of this one, and holds a map that is not pinned; returns its pid. */
async function strangerWithMap(): Promise<number> {
  const pin = `/sys/fs/bpf/lab-strangers-${process.pid}`;
  const words = ['type', 'array', 'key', '4', 'value', '4', 'entries', '1', 'name', 'strangers'];
  await run(['bpftool', 'map', 'create', pin, ...words]);
  try {
    const program = `
      import { BpfMap } from '${root}/dist/src/libbpf/index.js';
      const map = BpfMap.fromPin('${pin}');
      process.stdout.write(String(process.pid));
      setInterval(() => map.info, 60_000);
    `;
    const node = [process.execPath, '--input-type=module', '-e', program];
    const starter = spawn('setsid', ['--fork', ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = await once(starter.stdout, 'data');
    starter.stdout.destroy();
    return Number(pid);
  } finally {
    rmSync(pin);
  }
}

describe('a lab leaves nothing behind', () => {
  let before: KernelSnapshot;
  beforeEach(async () => {
    before = await snapshotKernel();
  });
  afterEach(() => assertNoLeaks(before));

  it('after twenty builds, with a server in each', async () => {
    const times: number[] = [];
    for (let round = 0; round < 20; round++) {
      await using lab = await Lab.create({ clients: 2, targets: 2 });
      await startNginx(lab.target());
      times.push(lab.createdInMs);
    }
    times.sort((a, b) => a - b);
    console.log(`6 hosts: median ${times[10]?.toFixed(0)} ms, longest ${times[19]?.toFixed(0)} ms`);
    expect(times[19]).toBeLessThan(2_000);
  });

  it('when the kernel refuses a part in the middle of the build', async () => {
    const wrong = Lab.create({ balancerSysctls: { 'net.ipv4.no_such_thing': 1 } });
    await expect(wrong).rejects.toThrow('no_such_thing');
  });

  it('when it is aborted in the middle of the build', async () => {
    const abort = new AbortController();
    const building = Lab.create({ targets: 20 }, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 60);
    await expect(building).rejects.toThrow('enough');
  });

  it('when a server in it ignores SIGTERM', async () => {
    const lab = await Lab.create({ targets: 1 });
    const stubborn = lab
      .target()
      .spawn(['sh', '-c', 'trap "" TERM; echo up; sleep 60 & sleep 60'], { graceMs: 100 });
    await new Promise<void>((resolve) => stubborn.onStdout(() => resolve()));
    await lab.close();
    expect(stubborn.running).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('when its process gets %s', async (signal) => {
    const { child, id } = await holdLab();
    child.kill(signal);
    const [code, endedBy] = await once(child, 'exit');
    expect([code, endedBy]).toEqual([null, signal]);
    expect(existsSync(join(tmpdir(), id))).toBe(false);
  });

  it('when its process was killed and a later one sweeps', async () => {
    const { child, id } = await holdLab();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const namespace = `/run/netns/${id}-balancer`;
    expect(existsSync(namespace)).toBe(true);
    // nginx, for one, writes its title over what tells its lab.
    const nameless = spawn('nsenter', [`--net=${namespace}`, 'sleep', '60'], {
      env: { PATH: process.env.PATH },
    });
    const ended = once(nameless, 'exit');
    await expect.poll(() => readlinkSync(`/proc/${nameless.pid}/exe`)).toMatch(/sleep$/);
    expect(sweepStaleLabs()).toContain(id);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(existsSync(`/run/netns/${id}-balancer`)).toBe(false);
  });

  it('when a demo was killed while it balanced, and a later lab is built', async () => {
    const demo = spawn(join(root, 'bin/sluice'), ['demo'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(demo.stdout, 'data');
    demo.kill('SIGKILL');
    await once(demo, 'exit');
    const name = expect.stringMatching(/^demo-\d+-\d+-[0-9a-f]{6}/);
    expect(tracesOf('demo', demo.pid)).toEqual([name, expect.stringMatching(/\.lock$/)]);
    await using _lab = await Lab.create({ targets: 0 });
    expect(tracesOf('demo', demo.pid)).toEqual([]);
  });
});

describe('the sweep', () => {
  it('leaves instances alone that live, or that somebody has named', () => {
    const names = [uniqueInstance('test'), 'shop-1-1-abcdef'];
    const folders = names.map((name) => join(PIN_DIRECTORY, name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    try {
      sweepStaleLabs();
      expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
    } finally {
      for (const folder of folders) rmdirSync(folder);
    }
  });
});

describe('the leak check', () => {
  it('names a namespace and a process that are left', async () => {
    const before = await snapshotKernel();
    await using lab = await Lab.create({ targets: 0 });
    const sleeper = lab.client().spawn(['sleep', '60']);
    await expect(assertNoLeaks(before, 100)).rejects.toThrow(
      new RegExp(`namespaces: ${lab.id}-client1[\\s\\S]*processes: ${sleeper.pid} `),
    );
  });

  it('says nothing of what a process of somebody else holds or has pinned, while that lives', async () => {
    const before = await snapshotKernel();
    const pid = await strangerWithMap();
    const folder = join(PIN_DIRECTORY, uniqueInstance('test', creatorWithPid(pid)));
    try {
      await assertNoLeaks(before, 100);
      mkdirSync(folder, { recursive: true });
      await run(['bpftool', 'map', 'pin', 'name', 'strangers', join(folder, 'map')]);
      await assertNoLeaks(before, 100);
      process.kill(pid);
      const complaint = expect.stringMatching(/maps: \d+ array strangers[\s\S]*pins: .*\/map/);
      // The dead have nobody else who could clean up after them.
      await expect.poll(() => assertNoLeaks(before, 100).catch(messageOf)).toEqual(complaint);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await assertNoLeaks(before);
  });

  it('names a BPF map that is left', async () => {
    const before = await snapshotKernel();
    const pin = `/sys/fs/bpf/lab-leak-${process.pid}`;
    const words = ['type', 'array', 'key', '4', 'value', '4', 'entries', '1', 'name', 'lab_leak'];
    await run(['bpftool', 'map', 'create', pin, ...words]);
    try {
      await expect(assertNoLeaks(before, 100)).rejects.toThrow(/maps: \d+ array lab_leak/);
    } finally {
      rmSync(pin);
    }
    await assertNoLeaks(before);
  });
});
