import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, run } from '../../../lab/index.ts';

/** What is to become of the calls; numbers count from 1, from the moment on in which the fault is set. */
export type Fault =
  /** Nothing; they are counted. */
  | { readonly kind: 'count' }
  /** One fails, or all from one on, with an errno by number. */
  | { readonly kind: 'fail-one' | 'fail-from'; readonly at: number; readonly errno: number }
  /** The process is killed in the place of one, or when it is done. */
  | { readonly kind: 'kill-before' | 'kill-after'; readonly at: number };

/** `enum action` of kernel-calls.c. */
const ACTIONS = { count: 1, 'fail-one': 2, 'fail-from': 3, 'kill-before': 4, 'kill-after': 5 } as const;
const IDLE = 0;

/** `struct control` of kernel-calls.c: action, at, error, count, calls. */
const COUNT_OFFSET = 12;
const CALLS_OFFSET = 16;
const MAX_NOTED = 4096;

/** `enum bpf_cmd`, as far as a balancer uses it, and `enum call` of kernel-calls.c. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'MAP_CREATE'],
  [1, 'MAP_LOOKUP_ELEM'],
  [2, 'MAP_UPDATE_ELEM'],
  [3, 'MAP_DELETE_ELEM'],
  [4, 'MAP_GET_NEXT_KEY'],
  [5, 'PROG_LOAD'],
  [6, 'OBJ_PIN'],
  [7, 'OBJ_GET'],
  [13, 'PROG_GET_FD_BY_ID'],
  [15, 'OBJ_GET_INFO_BY_FD'],
  [18, 'BTF_LOAD'],
  [22, 'MAP_FREEZE'],
  [24, 'MAP_LOOKUP_BATCH'],
  [26, 'MAP_UPDATE_BATCH'],
  [28, 'LINK_CREATE'],
  [29, 'LINK_UPDATE'],
  [34, 'LINK_DETACH'],
  [35, 'PROG_BIND_MAP'],
  [1000, 'netlink'],
  [1001, 'mkdir'],
  [1002, 'rmdir'],
  [1003, 'unlink'],
  [1004, 'rename'],
  [1005, 'link'],
]);

/** Makes calls of a daemon into the kernel fail, or kills it at one: the test's end of kernel-calls.c. */
export class KernelCalls implements Disposable {
  /** A command that runs a daemon with its calls in our hands. */
  readonly wrap: readonly string[];
  readonly #fd: number;

  private constructor(library: string, file: string) {
    this.wrap = ['env', `LD_PRELOAD=${library}`, `KERNEL_CALLS=${file}`];
    this.#fd = openSync(file, 'r+');
  }

  /** Compiles the library into a folder of the lab that `host` belongs to. */
  static async build(host: Host): Promise<KernelCalls> {
    const library = join(host.owner.directory, 'kernel-calls.so');
    const file = join(host.owner.directory, 'kernel-calls');
    const source = join(import.meta.dirname, 'kernel-calls.c');
    await run(['clang', '-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o', library, source, '-ldl']);
    writeFileSync(file, Buffer.alloc(CALLS_OFFSET + MAX_NOTED * 4));
    return new KernelCalls(library, file);
  }

  /** Calls that were made since the last {@link set}. */
  get count(): number {
    return this.#read(COUNT_OFFSET, 4).readUInt32LE(0);
  }

  /** Their names. */
  get names(): readonly string[] {
    const count = Math.min(this.count, MAX_NOTED);
    const calls = this.#read(CALLS_OFFSET, count * 4);
    return Array.from({ length: count }, (_, index) => nameOf(calls.readUInt32LE(index * 4)));
  }

  /** Counts anew, and what is said happens. */
  set(fault: Fault): void {
    this.clear();
    const { at, errno } = { at: 0, errno: 0, ...fault };
    writeSync(this.#fd, words(at, errno, 0), 0, 12, 4);
    writeSync(this.#fd, words(ACTIONS[fault.kind]), 0, 4, 0);
  }

  /** No call is counted and none fails. */
  clear(): void {
    writeSync(this.#fd, words(IDLE), 0, 4, 0);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #read(offset: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    readSync(this.#fd, bytes, 0, size, offset);
    return bytes;
  }
}

function words(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

function nameOf(call: number): string {
  return NAMES.get(call) ?? `bpf command ${call}`;
}
