import { errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { interfaceName } from './interface.ts';
import { withLibbpfLog } from './libbpf-log.ts';
import type { TcDirection } from './link.ts';
import { type Native, native } from './native.ts';
import { OPTS_SIZE, type TcHookStruct, type TcOptsStruct } from './native-types.ts';
import type { BpfProgram } from './program.ts';

/** `BPF_TC_INGRESS`, `BPF_TC_EGRESS`; both together mean the whole clsact qdisc. */
const ATTACH_POINT: Readonly<Record<TcDirection, number>> = { ingress: 1, egress: 2 };
const BPF_TC_F_REPLACE = 1;

/** The place of one TC filter: unlike a link it is no descriptor, so it stays until somebody detaches it. */
export interface TcFilter {
  readonly ifindex: number;
  readonly direction: TcDirection;
  /** Lower runs first; 1 to 65535. */
  readonly priority: number;
  /** Number of the filter within its priority; from 1. */
  readonly handle: number;
}

/** Adds the clsact qdisc that TC filters need; false when the interface has one. @throws {BpfError} */
export function createTcHook(ifindex: number): boolean {
  const what = `adding a clsact qdisc to ${interfaceName(ifindex)}`;
  const hook = { sz: OPTS_SIZE.tcHook, ifindex, attach_point: ATTACH_POINT.ingress };
  const result = call(what, (libbpf) => libbpf.tcHookCreate(hook), [ERRNO.EEXIST]);
  return result === 0;
}

/** Removes the clsact qdisc with all its filters, whoever made them; false when there is none. @throws {BpfError} */
export function destroyTcHook(ifindex: number): boolean {
  const what = `removing the clsact qdisc of ${interfaceName(ifindex)}`;
  const attach_point = ATTACH_POINT.ingress | ATTACH_POINT.egress;
  const hook = { sz: OPTS_SIZE.tcHook, ifindex, attach_point };
  const result = call(what, (libbpf) => libbpf.tcHookDestroy(hook), [ERRNO.ENOENT, ERRNO.EINVAL]);
  return result === 0;
}

/**
 * Puts a program at a place of the clsact qdisc (direct action).
 * @throws {BpfError} `exists` when the place is taken and `replace` is not set, `not_found` or `invalid` without the qdisc
 */
export function attachTc(filter: TcFilter, program: BpfProgram, replace = false): void {
  const opts = optsOf(filter);
  opts.prog_fd = program.fd.value;
  opts.flags = replace ? BPF_TC_F_REPLACE : 0;
  call(`attaching to ${nameOf(filter)}`, (libbpf) => libbpf.tcAttach(hookOf(filter), opts), []);
}

/** Id of the program at this place; null when there is none. @throws {BpfError} */
export function queryTc(filter: TcFilter): number | null {
  const opts = optsOf(filter);
  const what = `asking for ${nameOf(filter)}`;
  // Without the qdisc the kernel answers EINVAL.
  const result = call(what, (libbpf) => libbpf.tcQuery(hookOf(filter), opts), [ERRNO.ENOENT, ERRNO.EINVAL]);
  return result === 0 ? opts.prog_id : null;
}

/** Takes away the filter at this place; false when there is none. @throws {BpfError} */
export function detachTc(filter: TcFilter): boolean {
  const what = `detaching ${nameOf(filter)}`;
  const run = (libbpf: Native): number => libbpf.tcDetach(hookOf(filter), optsOf(filter));
  return call(what, run, [ERRNO.ENOENT, ERRNO.EINVAL]) === 0;
}

function hookOf({ ifindex, direction }: TcFilter): TcHookStruct {
  return { sz: OPTS_SIZE.tcHook, ifindex, attach_point: ATTACH_POINT[direction] };
}

function optsOf({ handle, priority }: TcFilter): TcOptsStruct {
  return { sz: OPTS_SIZE.tcOpts, prog_fd: 0, flags: 0, prog_id: 0, handle, priority };
}

function nameOf({ ifindex, direction, priority, handle }: TcFilter): string {
  return `TC ${direction} of ${interfaceName(ifindex)} (priority ${priority}, handle ${handle})`;
}

/** Calls netlink through libbpf and adds the kernel's own words to the error. */
function call(what: string, run: (libbpf: Native) => number, accepted: readonly number[]): number {
  const { value, lines } = withLibbpfLog(() => run(native()));
  if (value >= 0 || accepted.includes(-value)) return value;
  const said = lines.find((line) => line.startsWith('Kernel error message: '));
  throw errorFromErrno(value, what, { detail: said?.replace('Kernel error message: ', '') });
}
