/** Helpers of the kernel that the programs call, by number, with the first kernel that has each (include/uapi/linux/bpf.h). */
export const HELPERS: Readonly<Record<number, { readonly name: string; readonly since: string }>> = {
  1: { name: 'map_lookup_elem', since: '3.19' },
  2: { name: 'map_update_elem', since: '3.19' },
  3: { name: 'map_delete_elem', since: '3.19' },
  5: { name: 'ktime_get_ns', since: '4.1' },
  7: { name: 'get_prandom_u32', since: '4.1' },
  9: { name: 'skb_store_bytes', since: '4.1' },
  11: { name: 'l4_csum_replace', since: '4.1' },
  13: { name: 'clone_redirect', since: '4.2' },
  23: { name: 'redirect', since: '4.4' },
  26: { name: 'skb_load_bytes', since: '4.5' },
  28: { name: 'csum_diff', since: '4.6' },
  38: { name: 'skb_change_tail', since: '4.9' },
  39: { name: 'skb_pull_data', since: '4.9' },
  43: { name: 'skb_change_head', since: '4.10' },
  69: { name: 'fib_lookup', since: '4.18' },
  93: { name: 'spin_lock', since: '5.1' },
  94: { name: 'spin_unlock', since: '5.1' },
  130: { name: 'ringbuf_output', since: '5.8' },
  131: { name: 'ringbuf_reserve', since: '5.8' },
  132: { name: 'ringbuf_submit', since: '5.8' },
  133: { name: 'ringbuf_discard', since: '5.8' },
  152: { name: 'redirect_neigh', since: '5.10' },
  160: { name: 'ktime_get_coarse_ns', since: '5.11' },
  164: { name: 'for_each_map_elem', since: '5.13' },
};

/** The last helper of Linux 5.15 (task_pt_regs): numbers are given out in the order in which kernels bring helpers. */
export const LAST_OF_FLOOR = 175;

/** Kinds of maps, by name as libbpf says it, with the first kernel that has each. */
export const MAP_TYPES: Readonly<Record<string, string>> = {
  hash: '3.19',
  array: '3.19',
  percpu_array: '4.6',
  lru_hash: '4.10',
  lpm_trie: '4.11',
  ringbuf: '5.8',
};

/** Kinds of programs, likewise. */
export const PROGRAM_TYPES: Readonly<Record<string, string>> = {
  sched_cls: '4.1',
  xdp: '4.8',
  syscall: '5.14',
};

/** Words of the C that only newer kernels understand (how they begin, as patterns), with the kernel. */
export const TOO_NEW: Readonly<Record<string, string>> = {
  bpf_loop: '5.17',
  bpf_strncmp: '5.17',
  bpf_dynptr: '5.19',
  bpf_iter_: '6.4',
  'bpf_for\\b': '6.4',
  bpf_repeat: '6.4',
  __ksym: '5.10, and kfuncs for these programs since 5.18',
  __kptr: '5.19',
  BPF_FIB_LOOKUP_SKIP_NEIGH: '6.3',
  BPF_FIB_LOOKUP_TBID: '6.5',
  BPF_FIB_LOOKUP_SRC: '6.7',
  BPF_FIB_LOOKUP_MARK: '6.10',
  BPF_F_ADJ_ROOM_DECAP_L3: '6.2',
  hwtstamp: '5.16',
  tstamp_type: '5.18',
  can_loop: '6.9',
};
