/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Incremental Internet checksums (RFC 1624) from precomputed differences. */
#ifndef SLUICE_CHECKSUM_H
#define SLUICE_CHECKSUM_H

#include <bpf/bpf_endian.h>

#include "abi.h"

/* What a TTL that goes down by one adds to the sum of the IPv4 header. */
#define TTL_DELTA bpf_htons(0xfeff)

static __always_inline __u16 checksum_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The checksum field after the covered bytes changed by `delta`. */
static __always_inline __u16 checksum_update(__u16 field, __u64 delta)
{
	return ~checksum_fold((__u64)(__u16)~field + delta);
}

/* The same of UDP: zero means that there is none, so a sum of zero is sent as ones (RFC 768). */
static __always_inline __u16 checksum_update_udp(__u16 field, __u64 delta)
{
	__u16 updated = checksum_update(field, delta);

	if (!field)
		return 0;
	return updated ? updated : 0xffff;
}

#endif
