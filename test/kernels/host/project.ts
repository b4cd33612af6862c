import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { run } from '../../../lab/host/index.ts';
import type { Architecture } from '../machines.ts';
import type { Cache } from './cache.ts';

/** Node's names of Debian's architectures. */
const NODE_ARCHITECTURE: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };
/** Where the project lies in a guest. */
export const GUEST_FOLDER = 'sluice';

const koffiPackage = z.object({ version: z.string() });

/** Copies what the guest runs of the project: the build, the tests' programs, and the modules needed at run time. */
export async function copyProject(
  project: string,
  architecture: Architecture,
  cache: Cache,
  root: string,
): Promise<void> {
  const to = join(root, GUEST_FOLDER);
  await mkdir(to, { recursive: true });
  // The tests' programs first: they are compiled together with copies of the folders that they import.
  await cp(join(project, 'build/judge'), to, { recursive: true });
  for (const each of ['bin', 'dist', 'package.json', 'examples', 'docs']) {
    await cp(join(project, each), join(to, each), { recursive: true });
  }
  await cp(join(project, 'build/bench'), join(to, 'build/bench'), { recursive: true });
  const vectors = join(project, 'test/vectors');
  for (const name of await readdir(vectors)) {
    if (name.endsWith('.yaml')) await cp(join(vectors, name), join(to, 'test/vectors', name));
  }
  await copyModules(project, to);
  const foreign = await fetchKoffi(project, architecture, cache);
  await cp(foreign, join(to, 'node_modules/@koromix', basename(foreign)), { recursive: true });
}

async function copyModules(project: string, to: string): Promise<void> {
  const list = await run(['npm', '--prefix', project, 'ls', '--omit=dev', '--all', '--parseable']);
  const folders = list
    .split('\n')
    .filter((line) => line.includes('/node_modules/') && !line.includes('@koromix'));
  for (const folder of folders) {
    const target = join(to, relative(project, folder));
    await mkdir(dirname(target), { recursive: true });
    await cp(folder, target, { recursive: true, filter: (path) => !UNUSED.test(relative(folder, path)) });
  }
}

/** What packages bring beside their code: koffi its C sources, zod its TypeScript. */
const UNUSED = /^(vendor|doc|docs|node_modules)(\/|$)|\.(ts|cts|mts|map|md|c|cc|cpp|h|hh|S|asm)$/;

/** The prebuilt library of koffi for another architecture, which npm does not install here. */
async function fetchKoffi(project: string, architecture: Architecture, cache: Cache): Promise<string> {
  const text = await readFile(join(project, 'node_modules/koffi/package.json'), 'utf8');
  const { version } = koffiPackage.parse(JSON.parse(text));
  const name = `koffi-linux-${NODE_ARCHITECTURE[architecture]}`;
  const folder = await cache.get(name, [version], async (path) => {
    await mkdir(path);
    const packed = ['npm', 'pack', '--silent', '--pack-destination', path, `@koromix/${name}@${version}`];
    await run(packed);
    await run(['sh', '-c', `cd "$1" && tar -xzf *.tgz && rm *.tgz && mv package "${name}"`, 'sh', path]);
  });
  return join(folder, name);
}
