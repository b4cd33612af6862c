/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Every table of the data path. User space sizes `flows`, `pending` and `rate_source` before load.
 */
#ifndef SLUICE_MAPS_H
#define SLUICE_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "hello.h"

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
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SNI_ROUTES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct sni_route_key);
	__type(value, struct sni_route);
} sni_routes SEC(".maps");

/* Written by user space, in turn: index is the lowest bit of the generation. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct late_secret);
} late_secrets SEC(".maps");

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

/* How often a pool has been taken in turn. */
struct pool_turns {
	struct bpf_spin_lock lock;
	__u32 pad;
	__u64 taken;
};

/* Connections that each pool has dealt out in turn. One counter for all CPUs: shares are exact. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_POOLS);
	__type(key, __u32);
	__type(value, struct pool_turns);
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

/* By target; see latency.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_TARGETS);
	__type(key, __u32);
	__type(value, struct connect_latency);
} latencies SEC(".maps");

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

/* Which buffer holds the bytes of a connection, by the tuple of its client's packets. */
struct late_entry {
	__u32 slot;
	__u32 turn; /* of the slot; another one there: it was taken for another connection */
	__u64 since_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_LATE);
	__type(key, struct flow_key);
	__type(value, struct late_entry);
} late SEC(".maps");

/* Bytes of the client's stream, as offsets from its first one. */
struct late_range {
	__u16 start;
	__u16 end; /* 0: unused */
};

#define LATE_RANGES 4
#define LATE_PIECE  512 /* bpf_csum_diff takes no more at once */

enum late_state {
	LATE_STATE_FREE,
	LATE_STATE_COLLECT, /* waiting for the name */
	LATE_STATE_SYN,	    /* the target is chosen, and asked */
	LATE_STATE_REPLAY,  /* it has answered, and has not yet acknowledged all that is held */
};

/* A connection's held bytes, and all else that is known of it until its target has them. */
struct late_slot {
	__u32 busy;   /* a CPU is adding to it; guarded by the lock of late_locks */
	__u32 turn;   /* counts its connections */
	__u32 isn;    /* the client's */
	__u32 cookie; /* our sequence number, until the target has one */
	__u32 sent;   /* bytes of header and stream that were sent to the target */
	__u32 acked;  /* and that it has acknowledged */
	__u32 end;    /* bytes that are there without a gap */
	struct late_range ranges[LATE_RANGES]; /* and those behind a gap */
	__u32 asks; /* the target may have what it lacks once more; see late_target.h */
	struct hello hello;
	__u16 window; /* of the client's last segment, as it was sent */
	__u16 mss;    /* of the target */
	__u8 state;   /* enum late_state */
	__u8 scale;   /* of the client's window */
	__u16 header; /* bytes of the target's header; 0: it gets none */
	__u8 bytes[LATE_BYTES + LATE_PIECE];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LATE_SLOTS);
	__type(key, __u32);
	__type(value, struct late_slot);
} late_slots SEC(".maps");

/* One lock for each slot: a sleepable program, as the sweep is, must not know of locks before
 * Linux 6.3. */
struct late_lock {
	struct bpf_spin_lock lock;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LATE_SLOTS);
	__type(key, __u32);
	__type(value, struct late_lock);
} late_locks SEC(".maps");

/* Whose turn it is to give up its slot: the oldest. */
struct late_ring {
	struct bpf_spin_lock lock;
	__u32 next;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct late_ring);
} late_rings SEC(".maps");

/* Room for a new flow, which would not fit on the 512-byte stack. */
struct flow_draft {
	struct flow_key key;
	struct flow_key reply_key;
	struct flow forward;
	struct flow reply;
	struct slot_run run;
	__u32 route; /* enum flow_route */
	struct told_flow told;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_draft);
} drafts SEC(".maps");

#endif
