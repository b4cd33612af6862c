// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The checksum helpers, after net/core/filter.c and net/core/utils.c of Linux 6.18. */
#include <errno.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

#include "checksum.h"
#include "fault.h"
#include "skb.h"
#include "skb_sum.h"

#define MANGLED_0      0xffff
#define LARGEST_OFFSET 0xffff

/* Since Linux 6.13 the result has 16 bits; before it had 32. */
__s64 bpf_csum_diff(__be32 *from, __u32 from_size, __be32 *to, __u32 to_size, __wsum seed)
{
	__u32 sum = seed;

	if ((from_size | to_size) & (sizeof(__be32) - 1))
		return -EINVAL;
	if (from_size && to_size)
		sum = sum_add(sum_partial(to, to_size, sum), ~sum_partial(from, from_size, 0));
	else if (to_size)
		sum = sum_partial(to, to_size, sum);
	else if (from_size)
		sum = ~sum_partial(from, from_size, ~sum);
	return sum_to_16(sum);
}

/* The checksum field at `offset`, made writable; NULL if it cannot be. */
static __u16 *check_field(const void *context, __u32 offset)
{
	struct skb *packet = skb_of(context);

	if (offset > LARGEST_OFFSET || offset & 1 || fault_strikes(FAULT_REFUSED) ||
	    !skb_pull(offset + sizeof(__u16)))
		return NULL;
	return (__u16 *)(packet->linear + offset);
}

/* inet_proto_csum_replace_by_diff(): a partial sum is of the pseudo-header, not complemented. */
static void replace_transport(const struct skb *packet, __u16 *field, __u32 difference, bool pseudo)
{
	if (!packet->partial) {
		sum_replace_by_diff(field, difference);
		if (pseudo)
			skb_sum_pseudo(difference);
	} else if (pseudo)
		*field = ~sum_fold(sum_add(difference, *field));
}

long bpf_l4_csum_replace(struct __sk_buff *context, __u32 offset, __u64 from, __u64 to, __u64 flags)
{
	const __u64 known =
		BPF_F_MARK_MANGLED_0 | BPF_F_MARK_ENFORCE | BPF_F_PSEUDO_HDR | BPF_F_HDR_FIELD_MASK;
	__u16 *field;

	if (flags & ~known)
		return -EINVAL;
	field = check_field(context, offset);
	if (!field)
		return -EFAULT;
	if (flags & BPF_F_MARK_MANGLED_0 && !(flags & BPF_F_MARK_ENFORCE) && !*field)
		return 0;
	if (flags & BPF_F_HDR_FIELD_MASK || from)
		return -EINVAL;
	replace_transport(skb_of(context), field, to, flags & BPF_F_PSEUDO_HDR);
	if (flags & BPF_F_MARK_MANGLED_0 && !*field)
		*field = MANGLED_0;
	return 0;
}
