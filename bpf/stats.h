/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Counters that only grow. */
#ifndef SLUICE_STATS_H
#define SLUICE_STATS_H

#include "maps.h"

/* Counts one packet leaving `hook` for `reason`. */
static __always_inline void count_reason(enum hook hook, enum reason reason)
{
	__u32 index = hook * REASON_STRIDE + reason;
	__u64 *counter = bpf_map_lookup_elem(&reason_stats, &index);

	if (counter)
		(*counter)++;
}

static __always_inline void count_traffic(const struct flow *flow, __u32 packets, __u32 bytes)
{
	__u32 id = flow->target;
	struct target_counters *counters = bpf_map_lookup_elem(&target_stats, &id);
	struct traffic *traffic;

	if (!counters)
		return;
	traffic = flow->direction == FLOW_DIRECTION_FORWARD ? &counters->forward : &counters->reply;
	traffic->packets += packets;
	traffic->bytes += bytes;
}

static __always_inline void count_flow(__u32 target)
{
	struct target_counters *counters = bpf_map_lookup_elem(&target_stats, &target);

	if (counters)
		counters->flows++;
}

#endif
