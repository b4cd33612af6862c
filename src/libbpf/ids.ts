import { errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { native } from './native.ts';

/** Ids of every program in the kernel, whoever loaded it. Needs CAP_SYS_ADMIN. @throws {BpfError} */
export function programIds(): readonly number[] {
  return collectIds('programs', native().nextProgramId);
}

/** Ids of every map in the kernel. Needs CAP_SYS_ADMIN. @throws {BpfError} */
export function mapIds(): readonly number[] {
  return collectIds('maps', native().nextMapId);
}

/** Ids of every link in the kernel. Needs CAP_SYS_ADMIN. @throws {BpfError} */
export function linkIds(): readonly number[] {
  return collectIds('links', native().nextLinkId);
}

function collectIds(what: string, next: (start: number, out: Uint32Array) => number): readonly number[] {
  const ids: number[] = [];
  const out = new Uint32Array(1);
  for (;;) {
    const result = next(out[0] ?? 0, out);
    if (result === -ERRNO.ENOENT) return ids;
    if (result < 0) throw errorFromErrno(result, `listing the ${what} in the kernel`);
    ids.push(out[0] ?? 0);
  }
}
