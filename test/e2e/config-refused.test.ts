import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExecResult } from '../../lab/index.ts';
import type { ConfigFile } from '../support/balancer.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { runRefused } from '../support/refused.ts';
import { useScene } from '../support/scene.ts';

const NOTHING = { programs: {}, maps: {}, links: {} };
/** Runs the rest of the command line as a user who may nothing. */
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Runs the rest of the command line with another view of the file system: `change` makes it. */
function inMountNamespace(change: string): readonly string[] {
  return ['unshare', '--mount', 'sh', '-c', `${change} && exec "$@"`, 'sh'];
}

describe('sluice run is refused', () => {
  const scene = useScene({ clients: 0, targets: 1 });
  const web = (more: Partial<Parameters<typeof proxy>[0]> = {}) =>
    configOf([proxy({ name: 'web', port: 80, targets: [scene.lab.target(0).v4], ...more })]);

  /** Runs a daemon that must not start, and proves that nothing of it is left. */
  async function refused(config: ConfigFile, wrap: readonly string[] = []): Promise<ExecResult> {
    const { file, pinned, code, stdout, stderr } = await runRefused(scene.lab, config, wrap);
    expect(pinned).toEqual(NOTHING);
    return { code, stdout, stderr: stderr.replaceAll(file, 'FILE') };
  }

  it('when an interface does not exist: every one, where it is named, and which there are', async () => {
    const config = web({ interfaces: ['front0', 'front7', 'front8'] });
    expect(await refused(config)).toMatchObject({
      code: 69,
      stderr:
        'sluice: no such interface: front7, front8\n' +
        '  FILE:8:11: this host has no interface front7\n' +
        '  FILE:9:11: this host has no interface front8\n' +
        'fix: this host has: lo, front0, back0\n',
    });
  });

  it('when an interface of the settings does not exist', async () => {
    const config = { ...web(), settings: { replyInterfaces: ['back9'] } };
    const { code, stderr } = await refused(config);
    expect(code).toBe(69);
    expect(stderr).toMatch(
      /no such interface: back9\n {2}FILE:\d+:\d+: this host has no interface back9\nfix: /,
    );
  });

  it('when no interface has the address to listen on', async () => {
    const defaultTarget = { ip: scene.lab.target(0).v4, port: 80 };
    const config = configOf([{ name: 'web', listen: { address: '10.99.0.1', port: 80 }, defaultTarget }]);
    const { code, stderr } = await refused(config);
    expect(code).toBe(69);
    expect(stderr).toMatch(
      /no interface has the address to listen on\n.*: 10\.99\.0\.1 is on no interface of this host\nfix: /,
    );
  });

  it('without root: what is missing, and what to do', async () => {
    expect(await refused(web(), AS_NOBODY)).toMatchObject({
      code: 77,
      stderr:
        'sluice: this needs root: CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON missing\n' +
        'fix: run with sudo, or give the service CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON\n',
    });
  });

  it('on an old kernel, with the version that is needed', async () => {
    const release = join(scene.lab.directory, 'osrelease');
    writeFileSync(release, '5.10.0-33-amd64\n');
    const oldKernel = inMountNamespace(`mount --bind ${release} /proc/sys/kernel/osrelease`);
    expect(await refused(web(), oldKernel)).toMatchObject({
      code: 70,
      stderr: 'sluice: Linux 5.10.0-33-amd64 is too old\nfix: boot a kernel of version 5.15 or later\n',
    });
  });

  it('when bpffs is not mounted, with the command that mounts it', async () => {
    const { code, stderr } = await refused(web(), inMountNamespace('umount /sys/fs/bpf'));
    expect(code).toBe(70);
    expect(stderr).toMatch(
      /^sluice: \/sys\/fs\/bpf is not mounted .*\nfix: mount -t bpf -o mode=0700 bpf \/sys\/fs\/bpf\n$/,
    );
  });
});
