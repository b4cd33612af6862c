import { BpfError } from './bpf-error.ts';

/** `enum bpf_map_type` in order. */
const MAP_TYPES =
  'unspec hash array prog_array perf_event_array percpu_hash percpu_array stack_trace cgroup_array lru_hash lru_percpu_hash lpm_trie array_of_maps hash_of_maps devmap sockmap cpumap xskmap sockhash cgroup_storage reuseport_sockarray percpu_cgroup_storage queue stack sk_storage devmap_hash struct_ops ringbuf inode_storage task_storage bloom_filter user_ringbuf cgrp_storage arena'.split(
    ' ',
  );

/** `enum bpf_prog_type` in order. */
const PROGRAM_TYPES =
  'unspec socket_filter kprobe sched_cls sched_act tracepoint xdp perf_event cgroup_skb cgroup_sock lwt_in lwt_out lwt_xmit sock_ops sk_skb cgroup_device sk_msg raw_tracepoint cgroup_sock_addr lwt_seg6local lirc_mode2 sk_reuseport flow_dissector cgroup_sysctl raw_tracepoint_writable cgroup_sockopt tracing struct_ops ext lsm sk_lookup syscall netfilter'.split(
    ' ',
  );

/** `enum bpf_link_type` in order. */
const LINK_TYPES =
  'unspec raw_tracepoint tracing cgroup iter netns xdp perf_event kprobe_multi struct_ops netfilter tcx uprobe_multi netkit sockmap'.split(
    ' ',
  );

/** Name of a map type; `type_N` when it is newer than this table. */
export function mapTypeName(type: number): string {
  return MAP_TYPES[type] ?? `type_${type}`;
}

/** Name of a program type; `type_N` when it is newer than this table. */
export function programTypeName(type: number): string {
  return PROGRAM_TYPES[type] ?? `type_${type}`;
}

/** Number of a map type. @throws {BpfError} `invalid` for an unknown name */
export function mapTypeNumber(type: string): number {
  return numberOf(MAP_TYPES, 'map type', type);
}

/** Number of a program type. @throws {BpfError} `invalid` for an unknown name */
export function programTypeNumber(type: string): number {
  return numberOf(PROGRAM_TYPES, 'program type', type);
}

/** Name of a link type; `type_N` when it is newer than this table. */
export function linkTypeName(type: number): string {
  return LINK_TYPES[type] ?? `type_${type}`;
}

/** Whether each CPU has its own value in maps of this type. */
export function isPerCpu(type: string): boolean {
  return type.includes('percpu');
}

function numberOf(names: readonly string[], kind: string, name: string): number {
  const number = names.indexOf(name);
  if (number === -1) throw new BpfError('invalid', `there is no ${kind} ${name}`);
  return number;
}
