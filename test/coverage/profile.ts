import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildNative } from '../engines/native/build.ts';
import { NativeEngine } from '../engines/native.ts';
import { type FileCoverage, parseLcov } from './lcov.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAX_REPORT_BYTES = 16 * 1024 * 1024;

/**
 * Which lines of the data path run while `use` has an engine of it. A function that is inlined in several places is
 * counted once, with what all of them ran. @throws Error with the words of llvm-profdata or llvm-cov.
 */
export async function profile(
  use: (engine: NativeEngine) => Promise<void>,
): Promise<readonly FileCoverage[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-coverage-'));
  try {
    await runProfiled(folder, use);
    return await report(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runProfiled(folder: string, use: (engine: NativeEngine) => Promise<void>): Promise<void> {
  const env = { LLVM_PROFILE_FILE: join(folder, '%p.profraw') };
  // The profile is written when the process ends, which disposing of the engine waits for.
  await using engine = await NativeEngine.open({ variant: 'coverage', env });
  await use(engine);
}

async function report(folder: string): Promise<readonly FileCoverage[]> {
  const raw = (await readdir(folder)).map((file) => join(folder, file));
  const merged = join(folder, 'merged');
  await promisify(execFile)('llvm-profdata', ['merge', ...raw, '-o', merged]);
  const binary = await buildNative({ variant: 'coverage' });
  const { stdout } = await promisify(execFile)(
    'llvm-cov',
    ['export', '-format=lcov', `-instr-profile=${merged}`, binary],
    { maxBuffer: MAX_REPORT_BYTES },
  );
  return parseLcov(stdout)
    .map((file) => ({ ...file, file: relative(ROOT, file.file) }))
    .filter(({ file }) => file.startsWith('bpf/'));
}
