/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * How long targets take to answer: from the first SYN of a connection to the SYN-ACK, in buckets of
 * powers of two. A SYN that is lost and sent again counts with all the time that went by, as it
 * does for the client. With late binding it is our own SYN that the time counts from.
 */
#ifndef SLUICE_LATENCY_H
#define SLUICE_LATENCY_H

#include "maps.h"

/* Bucket i has what took up to 2^(LATENCY_FIRST_SHIFT + i) ns, the last one what took longer. */
static __always_inline __u32 latency_bucket(__u64 ns)
{
	__u64 rest = ns ? (ns - 1) >> LATENCY_FIRST_SHIFT : 0;
	__u32 bucket = 0;

	for (; bucket < LATENCY_BUCKETS - 1 && rest; bucket++)
		rest >>= 1;
	return bucket;
}

/*
 * Counts an answer to a SYN of `created_ns`. Once a connection, so the fine clock may be asked, and
 * all CPUs share the counters: one set for each would take hundreds of megabytes on large machines.
 */
__noinline int latency_note(__u32 target, __u64 created_ns)
{
	struct connect_latency *latency = bpf_map_lookup_elem(&latencies, &target);
	__s64 took_ns = bpf_ktime_get_ns() - created_ns;

	if (!latency)
		return 0;
	if (took_ns < 0)
		took_ns = 0;
	__sync_fetch_and_add(&latency->sum_ns, took_ns);
	__sync_fetch_and_add(&latency->buckets[latency_bucket(took_ns)], 1);
	return 0;
}

#endif
