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

/* Atomic: a packet may come in while the sweep counts on the same CPU. */
static __always_inline void count_failure(void)
{
	__u32 zero = 0;
	__u64 *counter = bpf_map_lookup_elem(&failures, &zero);

	if (counter)
		__sync_fetch_and_add(counter, 1);
}

/* Counts what became of a client's attempt to connect. A global function: it is rare, and has a
 * stack of its own. */
__noinline int count_attempt(__u32 target, enum attempt attempt)
{
	struct target_counters *counters = bpf_map_lookup_elem(&target_stats, &target);

	if (!counters)
		return 0;
	switch (attempt) {
	case ATTEMPT_ANSWERED:
		counters->answered++;
		return 0;
	case ATTEMPT_ESTABLISHED:
		counters->established++;
		return 0;
	case ATTEMPT_REFUSED:
		counters->refused++;
		break;
	case ATTEMPT_UNANSWERED:
		counters->unanswered++;
		break;
	}
	count_failure();
	return 0;
}

static __always_inline void count_rate_limited_source(__u32 proxy)
{
	struct rate_counters *counters = bpf_map_lookup_elem(&rate_stats, &proxy);

	if (counters)
		counters->source++;
}

static __always_inline void count_rate_limited_target(__u32 proxy)
{
	struct rate_counters *counters = bpf_map_lookup_elem(&rate_stats, &proxy);

	if (counters)
		counters->target++;
}

#endif
