import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const TRIPLETS: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/**
 * Compiles a copy of bpf/ for the kernel, as scripts/build does.
 * @returns `object`
 * @throws Error with the compiler's words
 */
export async function compileForKernel(sources: string, object: string): Promise<string> {
  await clangForKernel(sources, ['-O2', '-g', '-c', '-o', object]);
  await promisify(execFile)('llvm-strip', ['-g', object]);
  return object;
}

/** Checks that a copy of bpf/ would compile. @throws Error with the compiler's words */
export async function checkSyntax(sources: string): Promise<void> {
  await clangForKernel(sources, ['-fsyntax-only']);
}

async function clangForKernel(sources: string, flags: readonly string[]): Promise<void> {
  const target = ['-target', 'bpf', '-mcpu=v3', '-std=gnu11', '-Wall', '-Wextra', '-Werror'];
  const include = ['-Wno-unused-parameter', `-I${sources}`];
  const system = ['-isystem', `/usr/include/${TRIPLETS[process.arch] ?? `${process.arch}-linux-gnu`}`];
  const source = join(sources, 'sluice.bpf.c');
  await promisify(execFile)('clang', [...target, ...include, ...system, ...flags, source]);
}
