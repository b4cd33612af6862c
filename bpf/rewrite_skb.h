/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Rewriting a packet at TC. Its transport checksum may be whole, or partial (only the
 * pseudo-header's sum, the rest is filled in later): bpf_l4_csum_replace knows which, as long as
 * it is told what belongs to the pseudo-header (addresses) and what does not (ports).
 */
#ifndef SLUICE_REWRITE_SKB_H
#define SLUICE_REWRITE_SKB_H

#include <linux/pkt_cls.h>

#include "checksum.h"
#include "route.h"

/* How much of a packet is made readable before parsing. */
#define HEADERS_LENGTH 256

/* Makes the headers readable and writable in [skb->data, skb->data_end). */
static __always_inline bool skb_pull_headers(struct __sk_buff *skb)
{
	__u32 wanted = skb->len < HEADERS_LENGTH ? skb->len : HEADERS_LENGTH;

	if ((void *)(long)skb->data + wanted <= (void *)(long)skb->data_end)
		return true;
	return !bpf_skb_pull_data(skb, wanted);
}

static __always_inline bool rewrite_skb_l4(struct __sk_buff *skb, const struct packet *p,
					   const struct flow *flow)
{
	bool tcp = p->key.protocol == IPPROTO_TCP;
	__u32 check =
		p->l4 + (tcp ? offsetof(struct tcphdr, check) : offsetof(struct udphdr, check));
	__u64 zero_stays = tcp ? 0 : BPF_F_MARK_MANGLED_0;

	if (bpf_l4_csum_replace(skb, check, 0, flow->address_delta, BPF_F_PSEUDO_HDR | zero_stays))
		return false;
	if (bpf_l4_csum_replace(skb, check, 0, flow->port_delta, zero_stays))
		return false;
	/* Source and destination port lead both headers, side by side as in struct flow. */
	return !bpf_skb_store_bytes(skb, p->l4, &flow->sport, 4, 0);
}

/* Stores new addresses, and takes `ttl_step` (0 or 1) off the TTL. */
static __always_inline bool rewrite_skb_l3(struct __sk_buff *skb, const struct packet *p,
					   const struct flow *flow, __u8 ttl_step)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;

	if (p->family == AF_INET) {
		struct iphdr *ip = header_at(data, data_end, p->l3, sizeof(*ip));

		if (!ip)
			return false;
		ip->saddr = address_to_v4(&flow->src);
		ip->daddr = address_to_v4(&flow->dst);
		ip->ttl -= ttl_step;
		ip->check = checksum_update(ip->check, (__u64)flow->address_delta +
							       (ttl_step ? TTL_DELTA : 0));
	} else {
		struct ipv6hdr *ip = header_at(data, data_end, p->l3, sizeof(*ip));

		if (!ip)
			return false;
		ip->hop_limit -= ttl_step;
		/*
		 * IPv6 has no header checksum that would balance the change: a sum that the
		 * hardware made of the whole packet (CHECKSUM_COMPLETE) must be told of it.
		 */
		return !bpf_skb_store_bytes(skb, p->l3 + offsetof(struct ipv6hdr, saddr),
					    &flow->src, 32, BPF_F_RECOMPUTE_CSUM);
	}
	return true;
}

/* Rewrites addresses, ports and checksums of a TCP or UDP packet or fragment. */
static __always_inline bool rewrite_skb(struct __sk_buff *skb, const struct packet *p,
					const struct flow *flow, __u8 ttl_step)
{
	if (p->fragment != FRAGMENT_LATER && !rewrite_skb_l4(skb, p, flow))
		return false;
	/* The stores above may have moved the packet's writable part. */
	return skb_pull_headers(skb) && rewrite_skb_l3(skb, p, flow, ttl_step);
}

static __always_inline long redirect_to_next_hop(struct __sk_buff *skb, const struct next_hop *hop)
{
	struct ethhdr *eth = (void *)(long)skb->data;

	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return TC_ACT_SHOT;
	__builtin_memcpy(eth, hop->macs, sizeof(hop->macs));
	return bpf_redirect(hop->ifindex, 0);
}

#endif
