import { check } from './bpf-error.ts';
import { interfaceName } from './interface.ts';
import { native } from './native.ts';
import { OPTS_SIZE } from './native-types.ts';

/** Who sits at the XDP hook of an interface. */
export interface XdpState {
  readonly mode: 'none' | 'native' | 'generic' | 'offloaded' | 'several';
  /** Ids of the programs by mode; 0 where there is none. */
  readonly nativeProgramId: number;
  readonly genericProgramId: number;
  readonly offloadedProgramId: number;
}

/** `enum` of XDP_ATTACHED_* in if_link.h. */
const MODES = ['none', 'native', 'generic', 'offloaded', 'several'] as const;

/** Asks the kernel what XDP programs an interface has. @throws {BpfError} `not_found` for an unknown interface */
export function queryXdp(ifindex: number): XdpState {
  const opts = {
    sz: OPTS_SIZE.xdpQuery,
    prog_id: 0,
    drv_prog_id: 0,
    hw_prog_id: 0,
    skb_prog_id: 0,
    attach_mode: 0,
  };
  check(native().xdpQuery(ifindex, 0, opts), `asking for the XDP program of ${interfaceName(ifindex)}`);
  const mode = MODES[opts.attach_mode] ?? 'none';
  return {
    mode,
    nativeProgramId: opts.drv_prog_id || (mode === 'native' ? opts.prog_id : 0),
    genericProgramId: opts.skb_prog_id || (mode === 'generic' ? opts.prog_id : 0),
    offloadedProgramId: opts.hw_prog_id || (mode === 'offloaded' ? opts.prog_id : 0),
  };
}
