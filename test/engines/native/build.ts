import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const HARNESS = join(ROOT, 'test/native');
const DATA_PATH = 'programs.c';

/** How the binary is built: with sanitizers, or with a profile of the lines that ran. */
export type NativeVariant = 'sanitized' | 'coverage';

/** What to build. */
export interface NativeBuild {
  /** Default `sanitized`. */
  readonly variant?: NativeVariant;
  /** Folder of sluice.bpf.c and its headers; default `bpf/` of this repository. */
  readonly sources?: string;
  /** Where the binary goes; default a folder below `build/native`. Needed with `sources`. */
  readonly into?: string;
}

const WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const FLAGS: Readonly<
  Record<NativeVariant, { readonly all: readonly string[]; readonly dataPath: readonly string[] }>
> = {
  sanitized: { all: SANITIZERS, dataPath: [] },
  coverage: { all: [], dataPath: ['-fprofile-instr-generate', '-fcoverage-mapping'] },
};

/**
 * Compiles the native data path where a source is newer, and gives the path of the binary. Several processes may do so at
 * once: what is made is put in place whole.
 * @throws Error with the compiler's words.
 */
export async function buildNative(build: NativeBuild = {}): Promise<string> {
  const { variant = 'sanitized', sources = join(ROOT, 'bpf') } = build;
  const harnessFolder = join(ROOT, 'build/native', variant);
  const into = build.into ?? harnessFolder;
  await Promise.all([harnessFolder, into].map((folder) => mkdir(folder, { recursive: true })));
  const harness = await newest(HARNESS);
  const files = (await readdir(HARNESS)).filter((file) => file.endsWith('.c') && file !== DATA_PATH);
  const objects: string[] = [];
  for (const file of files) {
    const object = join(harnessFolder, `${basename(file, '.c')}.o`);
    if ((await modified(object)) < harness)
      await compile(join(HARNESS, file), object, sources, ['-O1', ...FLAGS[variant].all]);
    objects.push(object);
  }
  const binary = join(into, 'sluice-native');
  const newestSource = Math.max(harness, await newest(sources));
  if ((await modified(binary)) >= newestSource) return binary;
  const dataPath = join(into, 'programs.o');
  const flags = [...FLAGS[variant].all, ...FLAGS[variant].dataPath];
  await compile(join(HARNESS, DATA_PATH), dataPath, sources, ['-O0', ...flags]);
  await clang([...flags, ...objects, dataPath], binary);
  return binary;
}

async function compile(
  source: string,
  object: string,
  sources: string,
  flags: readonly string[],
): Promise<void> {
  const include = [`-I${join(HARNESS, 'include')}`, `-I${HARNESS}`, `-I${sources}`];
  await clang(['-g', '-std=gnu11', ...WARNINGS, ...flags, ...include, '-c', source], object);
}

async function clang(args: readonly string[], output: string): Promise<void> {
  const made = `${output}.${process.pid}`;
  await promisify(execFile)('clang', [...args, '-o', made]);
  await rename(made, output);
}

/** When the newest file of a folder was changed, milliseconds. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && /\.[ch]$/.test(entry.name));
  return Math.max(...(await Promise.all(files.map((entry) => modified(join(entry.parentPath, entry.name))))));
}

/** 0 for what is not there. */
async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
