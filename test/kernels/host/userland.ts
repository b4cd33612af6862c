import { lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../lab/host/index.ts';
import { type Architecture, USERLAND_SUITE } from '../machines.ts';
import { PrivateApt } from './apt.ts';
import type { Cache } from './cache.ts';

/** What runs in a guest beside Sluice; busybox stands in for the small commands. */
const PACKAGES: readonly string[] = [
  'bash',
  'bpftool',
  'busybox-static',
  'coreutils',
  'curl',
  'dash',
  'ethtool',
  'haproxy',
  'iproute2',
  'ipvsadm',
  'kmod',
  'libbpf1',
  'libnginx-mod-stream',
  'nftables',
  'nginx-light',
  'nodejs',
  'util-linux',
  'wrk',
];

/** Folders of packages that no guest reads. */
const UNREAD: readonly string[] = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'usr/share/zoneinfo',
  'usr/share/bash-completion',
  'usr/share/i18n',
  'usr/share/perl',
  'usr/lib/udev',
  'usr/share/nodejs/@types',
  'usr/share/nodejs/corepack',
  'usr/lib/locale',
  'var/lib/dpkg',
];

/** Fetches the programs of a guest once. @returns the folder to unpack on `/` */
export function fetchUserland(architecture: Architecture, cache: Cache): Promise<string> {
  const ingredients = [USERLAND_SUITE, ...PACKAGES, '/', ...UNREAD];
  return cache.get(`userland-${architecture}`, ingredients, async (path) => {
    const apt = await PrivateApt.open(`${path}.apt`, architecture, USERLAND_SUITE);
    await mergeUsr(path);
    for (const file of await apt.downloadAll(PACKAGES)) await run(['dpkg-deb', '-x', file, path]);
    for (const folder of UNREAD) await rm(join(path, folder), { recursive: true, force: true });
    await checkMerged(path);
    await accounts(path);
    await rm(`${path}.apt`, { recursive: true });
  });
}

/** Debian's `/bin`, `/lib` and so on are links into `/usr`, which no package brings. */
const MERGED: readonly string[] = ['bin', 'lib', 'lib64', 'sbin'];

async function mergeUsr(root: string): Promise<void> {
  for (const name of MERGED) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
}

async function checkMerged(root: string): Promise<void> {
  for (const name of MERGED) {
    const { length } = await readdir(join(root, name));
    if (!(await lstat(join(root, name))).isSymbolicLink()) {
      throw new Error(`a package has replaced /${name} (${length} entries) by a folder`);
    }
  }
}

async function accounts(root: string): Promise<void> {
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
}
