import { check } from './bpf-error.ts';
import { type Handle, native } from './native.ts';
import { programTypeName } from './type-names.ts';

/** `BPF_F_XDP_HAS_FRAGS`: the XDP program takes packets of several buffers (jumbo frames, LRO). */
export const PROGRAM_XDP_HAS_FRAGS = 32;

/** A program as an object declares it. Valid while the object is open; what it sets must be set before `load`. */
export interface ObjectProgram {
  readonly name: string;
  /** ELF section, e.g. `xdp` or `tc`. */
  readonly section: string;
  /** `BPF_PROG_TYPE_*` in lower case. */
  readonly type: string;
  readonly autoload: boolean;
  /** Whether `load` loads it. */
  setAutoload(load: boolean): void;
  /** Adds `BPF_F_*` flags for its load, e.g. {@link PROGRAM_XDP_HAS_FRAGS}. */
  addFlags(flags: number): void;
}

/** Describes one declared program. */
export function objectProgram(handle: Handle): ObjectProgram {
  const libbpf = native();
  const name = libbpf.programName(handle);
  return {
    name,
    section: libbpf.programSection(handle),
    type: programTypeName(libbpf.programType(handle)),
    autoload: libbpf.programAutoload(handle),
    setAutoload: (load) => {
      check(libbpf.programSetAutoload(handle, load), `choosing whether to load program ${name}`);
    },
    addFlags: (flags) => {
      const all = libbpf.programFlags(handle) | flags;
      check(libbpf.programSetFlags(handle, all), `setting the flags of program ${name}`);
    },
  };
}
