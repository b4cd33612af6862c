import koffi from 'koffi';
import { native, type Pointer } from './native.ts';

const LEVEL_DEBUG = 2;
const LINE_BYTES = 1024;

/** A result together with what libbpf said meanwhile, warnings and notes, without its `libbpf: ` prefix. */
export interface WithLog<T> {
  readonly value: T;
  readonly lines: readonly string[];
}

/**
 * Runs synchronous calls of libbpf and collects the lines that it would print to stderr. Its print function takes
 * a `va_list`, which both known ABIs pass as a pointer: x86-64 because it is an array, AAPCS64 because it is a struct
 * beyond 16 bytes. Elsewhere nothing is collected.
 */
export function withLibbpfLog<T>(run: () => T): WithLog<T> {
  const lines: string[] = [];
  if (process.arch !== 'x64' && process.arch !== 'arm64') return { value: run(), lines };
  const libbpf = native();
  const print = (level: number, format: Pointer, vaList: Pointer): number => {
    if (level < LEVEL_DEBUG) lines.push(...formatLines(format, vaList));
    return 0;
  };
  const type = koffi.pointer(koffi.proto('int', ['int', 'void *', 'void *']));
  const callback = koffi.register(print, type);
  libbpf.setPrint(callback);
  try {
    return { value: run(), lines };
  } finally {
    libbpf.setPrint(null);
    koffi.unregister(callback);
  }
}

function formatLines(format: Pointer, vaList: Pointer): string[] {
  const out = Buffer.alloc(LINE_BYTES);
  const length = native().vsnprintf(out, out.length, format, vaList);
  return out
    .toString('utf8', 0, Math.max(0, Math.min(length, out.length - 1)))
    .split('\n')
    .map((line) => line.replace(/^libbpf: /, '').trim())
    .filter((line) => line !== '');
}
