import { getSystemErrorMap } from 'node:util';

/** What an errno is called and what it says. */
export interface ErrnoText {
  /** The symbol, e.g. `ENOENT`. */
  readonly name: string;
  /** One short sentence without a full stop. */
  readonly text: string;
}

/** Numbers that Node does not know: the kernel's own, and libbpf's (from 4000 on, libbpf.h). */
const FURTHER: ReadonlyMap<number, ErrnoText> = new Map([
  // Node calls it ENOTSUP, the older name of the same number; the kernel and its manual pages do not.
  [95, { name: 'EOPNOTSUPP', text: 'operation is not supported' }],
  [524, { name: 'ENOTSUPP', text: 'operation is not supported' }],
  [4000, { name: 'LIBELF', text: 'not a readable ELF file' }],
  [4001, { name: 'FORMAT', text: 'not a BPF object file' }],
  [4002, { name: 'KVERSION', text: 'wrong or missing version section' }],
  [4003, { name: 'ENDIAN', text: 'object is built for the other byte order' }],
  [4004, { name: 'INTERNAL', text: 'internal error in libbpf' }],
  [4005, { name: 'RELOC', text: 'relocation failed' }],
  [4006, { name: 'LOAD', text: 'program could not be loaded' }],
  [4007, { name: 'VERIFY', text: 'the verifier rejects the program' }],
  [4008, { name: 'PROG2BIG', text: 'program is too big' }],
  [4009, { name: 'KVER', text: 'wrong kernel version' }],
  [4010, { name: 'PROGTYPE', text: 'program type is not supported' }],
]);

/** Errnos of bpf(2) and netlink that this library handles by number (the same on x86-64 and arm64). */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  E2BIG: 7,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOSPC: 28,
  ERANGE: 34,
  ENOSYS: 38,
  ENOLINK: 67,
  EOPNOTSUPP: 95,
  ENOTSUPP: 524,
} as const;

/** Names a positive errno of the kernel or of libbpf. */
export function describeErrno(errno: number): ErrnoText {
  const further = FURTHER.get(errno);
  if (further) return further;
  const known = getSystemErrorMap().get(-errno);
  return known ? { name: known[0], text: known[1] } : { name: `E${errno}`, text: `error ${errno}` };
}
