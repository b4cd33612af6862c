/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Every table of the data path. User space sizes `flows`, `pending` and `rate_source` before load.
 */
#ifndef SLUICE_MAPS_H
#define SLUICE_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_LISTENERS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct listener_key);
	__type(value, struct listener);
} listeners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, MAX_SOURCE_ROUTES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct source_route_key);
	__type(value, struct source_route);
} source_routes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_POOLS);
	__type(key, __u32);
	__type(value, struct pool);
} pools SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_SLOT_BLOCKS);
	__type(key, __u32);
	__type(value, struct slot_block);
} slots SEC(".maps");

/* Connections that each pool has dealt out in turn. One counter for all CPUs: shares are exact. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_POOLS);
	__type(key, __u32);
	__type(value, __u64);
} pool_turns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_TARGETS);
	__type(key, __u32);
	__type(value, struct target);
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_PROXIES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct proxy_name);
} proxy_names SEC(".maps");

/* Not per CPU: a reply may arrive on another one. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 200000);
	__type(key, struct flow_key);
	__type(value, struct flow);
} flows SEC(".maps");

/* New flows until they have proven themselves: a flood churns here and evicts no established one.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct flow_key);
	__type(value, struct flow);
} pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_FRAGMENTS);
	__type(key, struct fragment_key);
	__type(value, struct fragment_ports);
} fragments SEC(".maps");

/* By proxy; only those that have a limit are there. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_PROXIES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct source_limit);
} source_limits SEC(".maps");

/* The buckets of sources: those that came once and not again go first. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 100000);
	__type(key, struct rate_source_key);
	__type(value, struct rate_bucket);
} rate_source SEC(".maps");

/* The buckets of targets. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_TARGETS);
	__type(key, __u32);
	__type(value, struct rate_bucket);
} rate_target SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_DEVICES);
	__type(key, __u32);
	__type(value, struct device);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_TARGETS);
	__type(key, __u32);
	__type(value, struct target_counters);
} target_stats SEC(".maps");

/* One counter: attempts that were refused or not answered, by any target. User space asks it often.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} failures SEC(".maps");

/* Indexed by hook * REASON_STRIDE + reason. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, HOOK_COUNT *REASON_STRIDE);
	__type(key, __u32);
	__type(value, __u64);
} reason_stats SEC(".maps");

/* By proxy. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_PROXIES);
	__type(key, __u32);
	__type(value, struct rate_counters);
} rate_stats SEC(".maps");

/* Flows per target that the last sweep found open. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_TARGETS);
	__type(key, __u32);
	__type(value, __u64);
} target_active SEC(".maps");

/* One entry, for user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct metadata);
} metadata SEC(".maps");

/* The slots of a pool, and the one that a connection takes first. */
struct slot_run {
	__u32 base;
	__u32 count;
	__u32 first;
};

/* Room for a new flow, which would not fit on the 512-byte stack. */
struct flow_draft {
	struct flow_key key;
	struct flow_key reply_key;
	struct flow forward;
	struct flow reply;
	struct slot_run run;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_draft);
} drafts SEC(".maps");

#endif
