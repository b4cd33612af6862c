import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../machines.ts';
import { joinArchives, packArchive } from './archive.ts';
import type { Cache } from './cache.ts';
import { fetchKernel } from './kernel.ts';
import { copyProject } from './project.ts';
import { fetchUserland } from './userland.ts';

/** What QEMU boots. */
export interface Image {
  readonly kernel: string;
  /** The archive of all files of the guest. */
  readonly initrd: string;
}

/**
 * Puts together what a machine boots: fetched parts from the cache, the project as it is now.
 * @param initrd path of the archive to write
 */
export async function buildImage(
  machine: Machine,
  project: string,
  cache: Cache,
  initrd: string,
): Promise<Image> {
  const kernel = await fetchKernel(machine, cache);
  const userland = await fetchUserland(machine.architecture, cache);
  const parts = [
    await cache.get(`${machine.name}-modules.cpio`, [kernel.root], (file) => packArchive(kernel.root, file)),
    await cache.get(`${machine.architecture}-userland.cpio`, [userland], (file) =>
      packArchive(userland, file),
    ),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'sluice-guest-'));
  try {
    const root = join(folder, 'root');
    await mkdir(root);
    await copyProject(project, machine.architecture, cache, root);
    await cp(join(project, 'test/kernels/guest/init'), join(root, 'init'));
    await chmod(join(root, 'init'), 0o755);
    await packArchive(root, join(folder, 'project.cpio'));
    // The programs before the modules: these lie behind the links that those bring.
    await joinArchives([...parts.reverse(), join(folder, 'project.cpio')], initrd);
  } finally {
    await rm(folder, { recursive: true });
  }
  return { kernel: kernel.image, initrd };
}
