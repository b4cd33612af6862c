import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const HARNESS = join(ROOT, 'test/native');
/** The file of the harness that includes the data path. */
const DATA_PATH = 'programs.c';

/**
 * How the binary is built: with the address and undefined behaviour sanitizers; with the memory sanitizer, which sees that
 * a decision depends on bytes that nobody has written; with a profile of the lines that ran; or with nothing of that, which
 * takes a tenth of the time to compile.
 */
export type NativeVariant = 'sanitized' | 'uninitialised' | 'coverage' | 'plain';

/** What to build. */
export interface NativeBuild {
  /** Default `sanitized`. */
  readonly variant?: NativeVariant;
  /** Folder of sluice.bpf.c and its headers; default `bpf/` of this repository. */
  readonly sources?: string;
  /** Folder for the binary; default one below `build/native`. Other `sources` need one of their own. */
  readonly into?: string;
}

const WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'];
const PROFILE = ['-fprofile-instr-generate', '-fcoverage-mapping'];
const FLAGS: Readonly<Record<NativeVariant, readonly string[]>> = {
  sanitized: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  uninitialised: ['-fsanitize=memory', '-fsanitize-memory-track-origins', '-fno-sanitize-recover=all'],
  coverage: [],
  plain: [],
};

/** A file to compile. */
interface Unit {
  readonly source: string;
  readonly object: string;
  readonly flags: readonly string[];
  /** When the newest file that it includes was changed. */
  readonly includedMs: number;
}

/**
 * Compiles the native data path where a source is newer, and gives the path of the binary. Several processes may do so at
 * once: what is made is put in place whole.
 * @throws Error with the compiler's words.
 */
export async function buildNative(build: NativeBuild = {}): Promise<string> {
  const { variant = 'sanitized', sources = join(ROOT, 'bpf') } = build;
  const shared = join(ROOT, 'build/native', variant);
  const into = build.into ?? shared;
  await Promise.all([shared, into].map((folder) => mkdir(folder, { recursive: true })));
  const units = await listUnits(variant, sources, shared, into);
  await compileStale(units);
  const binary = join(into, 'sluice-native');
  const objects = units.map(({ object }) => object);
  const newestMs = Math.max(...(await Promise.all(objects.map(modifiedMs))));
  if ((await modifiedMs(binary)) < newestMs) {
    await clang([...FLAGS[variant], ...(variant === 'coverage' ? PROFILE : []), ...objects], binary);
  }
  return binary;
}

/**
 * The harness is compiled once for all data paths. The data path itself is not optimised: that costs the sanitizers
 * faults to see, and a mutant four times as long to compile.
 */
async function listUnits(
  variant: NativeVariant,
  sources: string,
  shared: string,
  into: string,
): Promise<readonly Unit[]> {
  const headersMs = Math.max(...(await filesBelow(HARNESS, '.h')).map(({ ms }) => ms));
  const dataPathMs = Math.max(...(await filesBelow(sources, '')).map(({ ms }) => ms));
  const include = [`-I${join(HARNESS, 'include')}`, `-I${HARNESS}`, `-I${sources}`];
  const common = ['-g', '-std=gnu11', ...WARNINGS, ...FLAGS[variant], ...include];
  return (await filesBelow(HARNESS, '.c')).map(({ path }): Unit => {
    const object = `${basename(path, '.c')}.o`;
    if (basename(path) !== DATA_PATH)
      return { source: path, object: join(shared, object), flags: ['-O1', ...common], includedMs: headersMs };
    return {
      source: path,
      object: join(into, object),
      flags: ['-O0', ...(variant === 'coverage' ? PROFILE : []), ...common],
      includedMs: Math.max(headersMs, dataPathMs),
    };
  });
}

async function compileStale(units: readonly Unit[]): Promise<void> {
  const waiting = [...units];
  const work = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
      const sourceMs = Math.max(unit.includedMs, await modifiedMs(unit.source));
      if ((await modifiedMs(unit.object)) < sourceMs)
        await clang([...unit.flags, '-c', unit.source], unit.object);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** What is made is as old as the start of its making: a source that changes meanwhile is newer. */
async function clang(args: readonly string[], output: string): Promise<void> {
  const made = `${output}.${randomUUID()}`;
  const started = new Date();
  try {
    await promisify(execFile)('clang', [...args, '-o', made]);
    await utimes(made, started, started);
    await rename(made, output);
  } finally {
    await rm(made, { force: true });
  }
}

async function filesBelow(
  folder: string,
  ending: string,
): Promise<readonly { readonly path: string; readonly ms: number }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, ms: await modifiedMs(path) })));
}

/** When a file was changed last, milliseconds; 0 for what is not there. */
async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
