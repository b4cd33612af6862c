/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What user space reads of latency.h: part of the contract of abi.h. */
#ifndef SLUICE_LATENCY_ABI_H
#define SLUICE_LATENCY_ABI_H

#include <linux/types.h>

/* The buckets of connect_latency; see latency.h. */
enum latency_scale {
	LATENCY_FIRST_SHIFT = 14, /* the first one: up to 2^14 ns, 16 microseconds */
	LATENCY_BUCKETS = 21,	  /* the last but one: up to 2^33 ns, 8.6 seconds */
};

/* How long a target took to answer. */
struct connect_latency {
	__u64 sum_ns;
	__u64 buckets[LATENCY_BUCKETS];
};

_Static_assert(sizeof(struct connect_latency) == 176, "connect_latency");

#endif
