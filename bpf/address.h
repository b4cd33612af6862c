/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* IPv4 and IPv6 addresses in one 16-byte form. */
#ifndef SLUICE_ADDRESS_H
#define SLUICE_ADDRESS_H

#include <stdbool.h>
#include <linux/in6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

static __always_inline void address_from_v4(struct address *to, __be32 v4)
{
	__be32 *words = (__be32 *)to->bytes;

	words[0] = 0;
	words[1] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = v4;
}

static __always_inline void address_from_v6(struct address *to, const struct in6_addr *v6)
{
	__builtin_memcpy(to->bytes, v6, sizeof(to->bytes));
}

static __always_inline __be32 address_to_v4(const struct address *from)
{
	return ((const __be32 *)from->bytes)[3];
}

static __always_inline void address_to_v6(struct in6_addr *to, const struct address *from)
{
	__builtin_memcpy(to, from->bytes, sizeof(*to));
}

/* True for an IPv4 address in mapped form. */
static __always_inline bool address_is_v4(const struct address *a)
{
	const __u64 *x = (const __u64 *)a->bytes;

	return !x[0] && ((const __be32 *)a->bytes)[2] == bpf_htonl(0xffff);
}

static __always_inline bool address_is_zero(const struct address *a)
{
	const __u64 *x = (const __u64 *)a->bytes;

	return !(x[0] | x[1]);
}

static __always_inline bool address_equal(const struct address *a, const struct address *b)
{
	const __u64 *x = (const __u64 *)a->bytes, *y = (const __u64 *)b->bytes;

	return x[0] == y[0] && x[1] == y[1];
}

#endif
