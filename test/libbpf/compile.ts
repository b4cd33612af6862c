import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { BpfObject } from '../../src/libbpf/index.ts';

/** A compiled test object in a folder of its own. */
export interface CompiledObject extends Disposable {
  readonly path: string;
}

/** Compiles a C file of the tests to a BPF object, with the flags of scripts/build. */
export function compileBpf(source: string): CompiledObject {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bpf-'));
  const path = join(folder, basename(source).replace(/\.c$/, '.o'));
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const flags = ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', '-std=gnu11', '-Wall', '-Wextra', '-Werror'];
  const includes = ['-Wno-unused-parameter', '-isystem', `/usr/include/${triplet}`];
  execFileSync('clang', [...flags, ...includes, '-c', source, '-o', path], { stdio: 'pipe' });
  execFileSync('llvm-strip', ['-g', path]);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Path of a file beside the tests. */
export function beside(name: string): string {
  return join(import.meta.dirname, name);
}

/** Compiles `maps.bpf.c` once for the surrounding `describe`; each of its tests gets what it holds loaded anew. */
export function useLoaded(): { readonly object: BpfObject } {
  let compiled: CompiledObject | undefined;
  let object: BpfObject | undefined;
  beforeAll(() => {
    compiled = compileBpf(beside('maps.bpf.c'));
  });
  afterAll(() => compiled?.[Symbol.dispose]());
  beforeEach(() => {
    object = BpfObject.open(compiled?.path ?? '');
    object.load();
  });
  afterEach(() => object?.close());
  return {
    get object() {
      if (object === undefined) throw new Error('objects are loaded only while tests run');
      return object;
    },
  };
}
