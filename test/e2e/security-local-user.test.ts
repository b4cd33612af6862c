import { lstatSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, PIN_DIRECTORY, startNginx, uniqueInstance } from '../../lab/index.ts';
import { SLUICE, useScene, webConfig } from '../support/index.ts';

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];
/** Permissions of anybody who is neither the owner nor in the group. */
const OTHERS = 0o007;
const NONE = 0;
const READ = 4;
const DENIED = 77;

describe('a local user without privileges, beside a running instance,', () => {
  const scene = useScene({ targets: 1 }, async (scene) => {
    await startNginx(scene.lab.target());
    await scene.start(webConfig({ targets: [scene.lab.target().v4] }));
  });
  const asNobody = (...command: string[]) => scene.lab.balancer.exec([...AS_NOBODY, ...command]);
  const pins = () => `/sys/fs/bpf/sluice/${scene.balancer.instance}`;

  it.each(['status', 'connections', 'stats', 'detach'])('is refused `sluice %s`', async (command) => {
    const { code, stderr } = await asNobody(SLUICE, command, '--admin-socket', scene.balancer.adminSocket);
    expect(code).toBe(DENIED);
    expect(stderr).toMatch(/the admin socket .* may not be used\nfix: /);
  });

  it('is refused to detach it behind the daemon, by its pins', async () => {
    const { instance } = scene.balancer;
    const { code, stderr } = await asNobody(SLUICE, 'detach', '--instance', instance);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/\nfix: /);
    expect((await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4), { count: 5 })).errors).toEqual({});
  });

  it('is refused to open, list or remove a pin', async () => {
    expect((await asNobody('ls', pins())).code).not.toBe(0);
    expect((await asNobody('rm', '-rf', pins())).code).not.toBe(0);
    expect((await asNobody('bpftool', 'map', 'dump', 'pinned', join(pins(), 'maps', 'flows'))).code).not.toBe(
      0,
    );
  });

  it('is given no permission on what the instance has made, but to read whose process id holds its lock', () => {
    const lock = `/run/sluice/${scene.balancer.instance}.lock`;
    const made = [scene.balancer.adminSocket, ...below(pins())];
    expect(made.length).toBeGreaterThan(10);
    expect(made.filter((path) => permissionsOfOthers(path) !== NONE)).toEqual([]);
    expect(permissionsOfOthers(lock)).toBe(READ);
  });

  it.each([
    ['belongs to him', ['chown', '65534']],
    ['he may write', ['chmod', '0777']],
  ])('is given no instance: a folder of pins that %s is refused', async (_, change) => {
    const folder = join(PIN_DIRECTORY, uniqueInstance('test'));
    await scene.lab.balancer.run(['mkdir', folder]);
    try {
      await scene.lab.balancer.run([...change, folder]);
      const run = ['run', '-i', 'front0', '-p', '81', '-t', `${scene.lab.target().v4}:80`];
      const { code, stderr } = await scene.lab.balancer.exec([
        SLUICE,
        ...run,
        '--instance',
        basename(folder),
      ]);
      expect(code).toBe(73);
      expect(stderr).toMatch(/test-[\w-]+ is not safe: user \d+ made it, or others may write it\nfix: /);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmdirSync(folder);
    }
  });
});

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
}

function permissionsOfOthers(path: string): number {
  return lstatSync(path).mode & OTHERS;
}
