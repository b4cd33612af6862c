import { execFileSync } from 'node:child_process';

/** Bytes of stack that a program and the functions that it calls may take together (MAX_BPF_STACK). */
export const STACK_LIMIT_BYTES = 512;

/** Until Linux 6.4 the verifier rounds each function's stack up to a multiple of this many bytes (check_max_stack_depth). */
const FRAME_UNIT_BYTES = 32;

/** A chain of calls, and the stack that it takes. */
export interface StackChain {
  readonly functions: readonly string[];
  readonly bytes: number;
}

interface Frame {
  readonly bytes: number;
  readonly calls: ReadonlySet<string>;
}

/** Of each function that no other calls, the chain of calls from it that takes most stack, as Linux 5.15 to 6.3 count it. */
export function deepestChains(objectPath: string): readonly StackChain[] {
  const frames = framesOf(objectPath);
  const called = new Set([...frames.values()].flatMap(({ calls }) => [...calls]));
  return [...frames.keys()].filter((name) => !called.has(name)).map((name) => deepestFrom(name, frames));
}

function deepestFrom(name: string, frames: ReadonlyMap<string, Frame>): StackChain {
  const frame = frames.get(name);
  if (!frame) return { functions: [], bytes: 0 };
  const below = [...frame.calls].map((callee) => deepestFrom(callee, frames));
  const deepest = below.reduce((a, b) => (b.bytes > a.bytes ? b : a), { functions: [], bytes: 0 });
  const own = Math.ceil(Math.max(frame.bytes, 1) / FRAME_UNIT_BYTES) * FRAME_UNIT_BYTES;
  return { functions: [name, ...deepest.functions], bytes: own + deepest.bytes };
}

/** What each function of an object takes and calls, read from its disassembly. */
function framesOf(objectPath: string): ReadonlyMap<string, Frame> {
  const options = { encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  const text = execFileSync('llvm-objdump', ['-dr', '--no-show-raw-insn', objectPath], options);
  const frames = new Map<string, Frame>();
  for (const body of text.split(/^(?=[0-9a-f]+ <(?!LBB))/m).slice(1)) {
    const name = /<(.+)>:/.exec(body)?.[1] ?? '';
    const calls = new Set([...body.matchAll(/R_BPF_64_32\s+(\w+)/g)].map((match) => match[1] ?? ''));
    frames.set(name, { bytes: Math.max(...stackOffsets(body)), calls });
  }
  return frames;
}

/** How far below the top of its stack a function reads and writes, or points by `rN = r10; rN += -44`. */
function stackOffsets(body: string): readonly number[] {
  const direct = body.matchAll(/r10 - (0x[0-9a-f]+|\d+)/g);
  const pointed = body.matchAll(/(r\d) = r10\n(?:.*\n){0,3}?.*\b\1 \+= -(0x[0-9a-f]+|\d+)/g);
  return [
    0,
    ...[...direct].map((match) => Number(match[1])),
    ...[...pointed].map((match) => Number(match[2])),
  ];
}
