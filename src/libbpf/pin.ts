import { check } from './bpf-error.ts';
import { native } from './native.ts';
import { OwnedFd } from './owned-fd.ts';

/** Gives a map, program or link a name in a mounted bpffs; the pin keeps it alive. @throws {BpfError} */
export function pinFd(fd: OwnedFd, path: string): void {
  check(native().objPin(fd.value, path), `pinning ${fd.what} at ${path}`);
}

/** Opens what is pinned. @throws {BpfError} `not_found` */
export function openPin(path: string): OwnedFd {
  return new OwnedFd(check(native().objGet(path), `opening the pin ${path}`), path);
}
