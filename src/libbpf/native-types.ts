import koffi, { type TypeObject } from 'koffi';

/**
 * The option structs of libbpf.h and bpf.h. Each begins with its own size; what is left out is zero. They are
 * anonymous, because koffi's type names are global to the process.
 */

/** `struct bpf_object_open_opts`. */
export interface ObjectOpenOpts {
  readonly sz: number;
  readonly object_name: string;
}

/** The leading part of the C struct; libbpf accepts a shorter one and takes the rest as zero. */
export function objectOpenOpts(): TypeObject {
  return koffi.struct({ sz: 'size_t', object_name: 'const char *' });
}

/** `struct bpf_map_batch_opts`. */
export interface MapBatchOpts {
  readonly sz: number;
  readonly elem_flags: number;
}

export function mapBatchOpts(): TypeObject {
  return koffi.struct({ sz: 'size_t', elem_flags: 'uint64_t', flags: 'uint64_t' });
}

/** `struct bpf_test_run_opts`; the kernel writes the sizes, `retval` and `duration`. */
export interface TestRunOpts {
  sz: number;
  data_in: Uint8Array | null;
  data_out: Uint8Array | null;
  data_size_in: number;
  data_size_out: number;
  ctx_in: Uint8Array | null;
  ctx_out: Uint8Array | null;
  ctx_size_in: number;
  ctx_size_out: number;
  retval: number;
  repeat: number;
  duration: number;
  flags: number;
  cpu: number;
  batch_size: number;
}

export function testRunOpts(): TypeObject {
  return koffi.struct({
    sz: 'size_t',
    data_in: 'void *',
    data_out: 'void *',
    data_size_in: 'uint32_t',
    data_size_out: 'uint32_t',
    ctx_in: 'void *',
    ctx_out: 'void *',
    ctx_size_in: 'uint32_t',
    ctx_size_out: 'uint32_t',
    retval: 'uint32_t',
    repeat: 'int',
    duration: 'uint32_t',
    flags: 'uint32_t',
    cpu: 'uint32_t',
    batch_size: 'uint32_t',
  });
}

/** `struct bpf_link_create_opts`, its leading part. */
export interface LinkCreateOpts {
  readonly sz: number;
  readonly flags: number;
}

export function linkCreateOpts(): TypeObject {
  return koffi.struct({ sz: 'size_t', flags: 'uint32_t' });
}

/** `struct bpf_xdp_query_opts`; everything but `sz` is written by libbpf. */
export interface XdpQueryOpts {
  sz: number;
  prog_id: number;
  drv_prog_id: number;
  hw_prog_id: number;
  skb_prog_id: number;
  attach_mode: number;
}

export function xdpQueryOpts(): TypeObject {
  return koffi.struct({
    sz: 'size_t',
    prog_id: 'uint32_t',
    drv_prog_id: 'uint32_t',
    hw_prog_id: 'uint32_t',
    skb_prog_id: 'uint32_t',
    attach_mode: 'uint8_t',
  });
}

/** `struct bpf_tc_hook`. */
export interface TcHookStruct {
  readonly sz: number;
  readonly ifindex: number;
  readonly attach_point: number;
}

export function tcHook(): TypeObject {
  return koffi.struct({ sz: 'size_t', ifindex: 'int', attach_point: 'int', parent: 'uint32_t' });
}

/** `struct bpf_tc_opts`; `prog_id`, and the handle and priority that were left 0, are written by libbpf. */
export interface TcOptsStruct {
  sz: number;
  prog_fd: number;
  flags: number;
  prog_id: number;
  handle: number;
  priority: number;
}

export function tcOpts(): TypeObject {
  return koffi.struct({
    sz: 'size_t',
    prog_fd: 'int',
    flags: 'uint32_t',
    prog_id: 'uint32_t',
    handle: 'uint32_t',
    priority: 'uint32_t',
  });
}

/** Sizes of the C structs above, for their `sz` field; all ABIs that koffi and BPF share agree on them. */
export const OPTS_SIZE = {
  objectOpen: 16,
  mapBatch: 24,
  testRun: 80,
  linkCreate: 16,
  xdpQuery: 32,
  tcHook: 24,
  tcOpts: 32,
} as const;
