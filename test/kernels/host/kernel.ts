import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../../lab/host/index.ts';
import type { Machine } from '../machines.ts';
import { PrivateApt } from './apt.ts';
import type { Cache } from './cache.ts';

/** What a guest may need; what a kernel has built in, or does not have, is left out. */
const MODULES: readonly string[] = [
  'bridge',
  'veth',
  'cls_bpf',
  'act_bpf',
  'sch_ingress',
  'sch_netem',
  'nf_tables',
  'nft_chain_nat',
  'nft_ct',
  'nft_nat',
  'nft_numgen',
  'ip_vs',
  'ip_vs_rr',
  'ip_vs_wrr',
];

/** A kernel that can be booted. */
export interface Kernel {
  /** The kernel itself. */
  readonly image: string;
  /** Folder to unpack on `/`: the modules. */
  readonly root: string;
}

/** Fetches the kernel of a machine once, and what modules of it are wanted, unpacked and with their index. */
export async function fetchKernel(machine: Machine, cache: Cache): Promise<Kernel> {
  const { architecture, suite } = machine;
  const folder = await cache.get(`kernel-${machine.name}`, [suite, ...MODULES], async (path) => {
    const apt = await PrivateApt.open(`${path}.apt`, architecture, suite);
    const file = await apt.download(await apt.currentOf(`linux-image-cloud-${architecture}`));
    const unpacked = `${path}.apt/unpacked`;
    await run(['dpkg-deb', '-x', file, unpacked]);
    await mkdir(path);
    const image = (await readdir(join(unpacked, 'boot'))).find((name) => name.startsWith('vmlinuz-'));
    if (image === undefined) throw new Error(`${file} has no kernel in it`);
    await cp(join(unpacked, 'boot', image), join(path, 'vmlinuz'));
    const base = await baseOf(unpacked);
    await selectModules(base, image.replace('vmlinuz-', ''), join(path, 'root/usr'));
    await rm(`${path}.apt`, { recursive: true });
  });
  return { image: join(folder, 'vmlinuz'), root: join(folder, 'root') };
}

/** The folder in which a package has `lib/modules`. */
async function baseOf(unpacked: string): Promise<string> {
  const merged = join(unpacked, 'usr');
  return (await readdir(join(merged, 'lib/modules')).catch(() => [])).length > 0 ? merged : unpacked;
}

/** Copies the wanted modules and those that they need, decompressed, and writes their index. */
async function selectModules(fromBase: string, release: string, toBase: string): Promise<void> {
  const from = join(fromBase, 'lib/modules', release);
  const to = join(toBase, 'lib/modules', release);
  await run(['depmod', '-b', fromBase, release]);
  const needed = closure(parseDependencies(await readFile(join(from, 'modules.dep'), 'utf8')));
  await mkdir(to, { recursive: true });
  for (const name of ['modules.builtin', 'modules.builtin.modinfo'])
    await cp(join(from, name), join(to, name));
  await writeFile(join(to, 'modules.order'), needed.map((file) => `${plain(file)}\n`).join(''));
  for (const file of needed) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
    if (file.endsWith('.xz')) await run(['xz', '-d', join(to, file)]);
  }
  await run(['depmod', '-b', toBase, release]);
}

/** `kernel/drivers/net/veth.ko: kernel/...` by line: what each module needs. */
function parseDependencies(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split('\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line): [string, readonly string[]] => {
      const [file = '', needs = ''] = line.split(':');
      return [file, needs.split(' ').filter((each) => each !== '')];
    }),
  );
}

/** depmod lists the needs of needs already. */
function closure(dependencies: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const wanted = [...dependencies].filter(([file]) => MODULES.includes(moduleName(file)));
  return [...new Set(wanted.flatMap(([file, needs]) => [file, ...needs]))].sort();
}

function plain(file: string): string {
  return file.replace(/\.xz$/, '');
}

function moduleName(file: string): string {
  return (plain(file).split('/').at(-1) ?? '').replace(/\.ko$/, '').replaceAll('-', '_');
}
