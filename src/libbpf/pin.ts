import { readlinkSync } from 'node:fs';
import { BpfError, check } from './bpf-error.ts';
import { native } from './native.ts';
import { OwnedFd } from './owned-fd.ts';

/** Gives a map, program or link a name in a mounted bpffs; the pin keeps it alive. @throws {BpfError} */
export function pinFd(fd: OwnedFd, path: string): void {
  check(native().objPin(fd.value, path), `pinning ${fd.what} at ${path}`);
}

/** What can be pinned. */
export type PinKind = 'map' | 'program' | 'link';

/** How /proc names descriptors of each kind; links have two spellings in the kernel. */
const PROC_NAMES: Readonly<Record<PinKind, RegExp>> = {
  map: /^anon_inode:bpf-map$/,
  program: /^anon_inode:bpf-prog$/,
  link: /^anon_inode:bpf[-_]link/,
};

/** Opens what is pinned. @throws {BpfError} `not_found`; `mismatch` when something of another kind is pinned there */
export function openPin(path: string, kind: PinKind): OwnedFd {
  const fd = new OwnedFd(check(native().objGet(path), `opening the pin ${path}`), path);
  const name = readlinkSync(`/proc/self/fd/${fd.value}`);
  if (PROC_NAMES[kind].test(name)) return fd;
  fd.close();
  throw new BpfError('mismatch', `${path} is not a pinned ${kind} but ${name}`);
}
