import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, run, startNginx, uniqueInstance } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { SLUICE } from '../support/balancer.ts';
import { pinFolder } from '../support/pinned.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { runRefused } from '../support/refused.ts';
import { useScene } from '../support/scene.ts';
import { faultOfExit } from './support/errors.ts';
import { Dice } from './support/sample.ts';

const OBJECTS = fileURLToPath(new URL('../../dist/bpf', import.meta.url));
const NOTHING = { programs: {}, maps: {}, links: {} };
const [KERNEL, UNSUPPORTED, PERMISSION] = [71, 70, 77];
/** Time for a start, and for an end. */
const START_MS = 30_000;

/** Runs the rest of the command line with another view of the file system: `change` makes it. */
function inMountNamespace(change: string): readonly string[] {
  return ['unshare', '--mount', 'sh', '-c', `${change} && exec "$@"`, 'sh'];
}

describe('a start', () => {
  const scene = useScene({ clients: 1, targets: 1 }, ({ lab }) => startNginx(lab.target()));
  const config = () => configOf([proxy({ name: 'web', port: 80, targets: [scene.lab.target().v4] })]);

  describe('is refused, with what to do, and leaves nothing,', () => {
    const refused: readonly [string, () => Promise<readonly string[]>, number, RegExp][] = [
      [
        'on a bpffs that may not be written',
        async () => inMountNamespace('mount -o remount,bind,ro /sys/fs/bpf'),
        PERMISSION,
        /\/sys\/fs\/bpf may not be written\nfix: .*mount -o remount,rw \/sys\/fs\/bpf/,
      ],
      [
        'without the right to load programs',
        async () => ['setpriv', '--bounding-set=-bpf,-sys_admin'],
        PERMISSION,
        /CAP_BPF missing/,
      ],
      [
        'with a libbpf that is none, which `ip` needs as well',
        async () => inMountNamespace(`mount --bind /dev/null ${await libbpf()}`),
        KERNEL,
        /libbpf/,
      ],
      [
        'when its kernel programs are not built',
        async () => inMountNamespace(`mount -t tmpfs tmpfs ${OBJECTS}`),
        UNSUPPORTED,
        /sluice\.bpf\.o\) are not built\nfix: npm run setup/,
      ],
      [
        'when its kernel programs are cut off',
        async () => inMountNamespace(`mount --bind ${cutOff()} ${OBJECTS}/sluice.bpf.o`),
        UNSUPPORTED,
        /reading the object file sluice/,
      ],
      [
        'when there is no room for its lock',
        async () => inMountNamespace('mount -t tmpfs -o nr_inodes=1 tmpfs /run/sluice'),
        KERNEL,
        /the lock \/run\/sluice\/.* cannot be changed: ENOSPC.*\nfix: make room in \/run\/sluice/,
      ],
      [
        'when its lock may not be written',
        async () => inMountNamespace('mount -t tmpfs -o ro tmpfs /run/sluice'),
        PERMISSION,
        /the lock \/run\/sluice\/.* cannot be changed: EROFS/,
      ],
    ];
    it.each(refused)('%s', async (_where, wrap, status, complaint) => {
      mkdirSync('/run/sluice', { recursive: true });
      const { code, stderr, pinned } = await runRefused(scene.lab, config(), await wrap());
      expect(stderr).toMatch(complaint);
      expect(faultOfExit(code, stderr)).toBe(null);
      expect({ code, pinned }).toEqual({ code: status, pinned: NOTHING });
    });

    it('when there is no room for its socket', async () => {
      const full = join(scene.lab.directory, 'full');
      mkdirSync(full);
      const wrap = inMountNamespace(`mount -t tmpfs -o nr_inodes=1 tmpfs ${full}`);
      const { code, stderr } = await scene.lab.balancer.exec([...wrap, ...runArguments(join(full, 'admin'))]);
      expect(stderr).toMatch(/the admin socket ".*full\/admin" cannot be made: .*ENOSPC.*\nfix: make room/);
      expect(code).toBe(KERNEL);
    });
  });

  describe('with few', () => {
    const some = 40 + new Dice().below(80);
    it.each([
      ['descriptors: 20', '--nofile=20'],
      ['descriptors: 60', '--nofile=60'],
      [`descriptors: ${some}`, `--nofile=${some}`],
      ['locked pages: 0', '--memlock=0'],
    ])('%s works, or is refused and leaves nothing', async (_few, limit) => {
      const instance = uniqueInstance('test');
      const socket = join(scene.lab.directory, `${instance}.sock`);
      const argv = ['prlimit', limit, ...runArguments(socket, instance)];
      const daemon = scene.lab.balancer.spawn(argv, { graceMs: patienceMs(START_MS) });
      const isUp = () => daemon.stdout.includes('"msg":"ready"') || !daemon.running;
      await expect.poll(isUp, { timeout: patienceMs(START_MS) }).toBe(true);
      if (daemon.running) {
        const { errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4), { count: 5 });
        expect(errors).toEqual({});
        daemon.kill('SIGINT');
      }
      const code = await daemon.exited;
      if (code !== 0) expect(faultOfExit(code, daemon.stderr)).toBe(null);
      expect([pinFolder(instance), socket, `/run/sluice/${instance}.lock`].filter(existsSync)).toEqual([]);
    });
  });

  function runArguments(socket: string, instance = uniqueInstance('test')): readonly string[] {
    const web = ['-i', 'front0', '-p', '80', '-t', `${scene.lab.target().v4}:80`];
    return [SLUICE, 'run', ...web, '--instance', instance, '--admin-socket', socket];
  }

  /** Half of the object file. */
  function cutOff(): string {
    const path = join(scene.lab.directory, 'half.o');
    writeFileSync(path, Buffer.from('\x7fELF and nothing that should follow'));
    return path;
  }
});

async function libbpf(): Promise<string> {
  const known = await run(['ldconfig', '-p']);
  const [, path = ''] = /libbpf\.so\.1 .*=> (\S+)/.exec(known) ?? [];
  return (await run(['readlink', '-f', path])).trim();
}
