// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The helpers that read and change packets and send them on, after net/core/filter.c. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "arena.h"
#include "die.h"
#include "fault.h"
#include "skb.h"
#include "skb_sum.h"

long bpf_skb_load_bytes(const void *context, __u32 offset, void *to, __u32 len)
{
	skb_of(context);
	if (offset <= INT_MAX && !fault_strikes(FAULT_REFUSED) && skb_read(offset, to, len))
		return 0;
	memset(to, 0, len);
	return -EFAULT;
}

long bpf_skb_store_bytes(struct __sk_buff *context, __u32 offset, const void *from, __u32 len,
			 __u64 flags)
{
	struct skb *packet = skb_of(context);

	if (flags & ~(__u64)(BPF_F_RECOMPUTE_CSUM | BPF_F_INVALIDATE_HASH))
		return -EINVAL;
	if (offset > INT_MAX || fault_strikes(FAULT_REFUSED) || !skb_pull(offset + len))
		return -EFAULT;
	if (flags & BPF_F_RECOMPUTE_CSUM)
		skb_sum_without(offset, packet->linear + offset, len);
	memcpy(packet->linear + offset, from, len);
	if (flags & BPF_F_RECOMPUTE_CSUM)
		skb_sum_with(offset, from, len);
	return 0;
}

long bpf_skb_pull_data(struct __sk_buff *context, __u32 len)
{
	struct skb *packet = skb_of(context);

	if (fault_strikes(FAULT_REFUSED) || !skb_pull(len ? len : packet->linear_length))
		return -ENOMEM;
	return 0;
}

long bpf_skb_change_head(struct __sk_buff *context, __u32 len, __u64 flags)
{
	struct skb *packet = skb_of(context);
	__u32 length = skb_length() + len;

	if (flags || (!packet->context.tc.gso_size && length > SKB_MAX_LENGTH) ||
	    length < skb_length())
		return -EINVAL;
	if (fault_strikes(FAULT_REFUSED))
		return -ENOMEM;
	skb_push(len);
	return 0;
}

/* __bpf_skb_min_len() */
static __u32 shortest_length(const struct skb *packet)
{
	return packet->partial ? packet->check_end : sizeof(struct ethhdr);
}

long bpf_skb_change_tail(struct __sk_buff *context, __u32 len, __u64 flags)
{
	struct skb *packet = skb_of(context);

	if (flags || len > SKB_MAX_LENGTH || len < shortest_length(packet))
		return -EINVAL;
	if (fault_strikes(FAULT_REFUSED))
		return -ENOMEM;
	/* Of a packet that keeps its length the kernel keeps what the hardware has summed. */
	if (len != skb_length())
		skb_resize(len);
	else if (!skb_pull(len))
		die("a packet that is not as long as it is");
	packet->context.tc.gso_size = 0;
	packet->context.tc.gso_segs = 0;
	return 0;
}

static void ask_redirect(__u32 ifindex, bool resolve)
{
	skb.redirect = (struct redirect){.asked = true, .resolve = resolve, .ifindex = ifindex};
}

long bpf_clone_redirect(struct __sk_buff *context, __u32 ifindex, __u64 flags)
{
	struct skb *packet = skb_of(context);
	struct copy *copy = &packet->copies[packet->copy_count];

	if (flags & ~(__u64)BPF_F_INGRESS)
		return -EINVAL;
	if (packet->copy_count == SKB_MAX_COPIES || fault_strikes(FAULT_REFUSED))
		return -ENOMEM;
	copy->ifindex = ifindex;
	copy->length = skb_length();
	copy->frame = allocate(copy->length);
	skb_read(0, copy->frame, copy->length);
	packet->copy_count++;
	return 0;
}

long bpf_redirect(__u32 ifindex, __u64 flags)
{
	if (skb.kind == SKB_XDP && flags)
		return XDP_ABORTED;
	if (flags & ~(__u64)BPF_F_INGRESS)
		return TC_ACT_SHOT;
	ask_redirect(ifindex, false);
	return skb.kind == SKB_XDP ? XDP_REDIRECT : TC_ACT_REDIRECT;
}

long bpf_redirect_neigh(__u32 ifindex, struct bpf_redir_neigh *params, int plen, __u64 flags)
{
	if ((plen && plen < (int)sizeof(*params)) || flags)
		return TC_ACT_SHOT;
	ask_redirect(ifindex, true);
	return TC_ACT_REDIRECT;
}
