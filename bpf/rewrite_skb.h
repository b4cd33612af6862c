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
#include "translate_skb.h"

/* How much of a packet is made readable before parsing. */
#define HEADERS_LENGTH 256

/* Makes the headers readable in [skb->data, skb->data_end). */
static __always_inline bool skb_pull_headers(struct __sk_buff *skb)
{
	__u32 wanted = skb->len < HEADERS_LENGTH ? skb->len : HEADERS_LENGTH;

	if ((void *)(long)skb->data + wanted <= (void *)(long)skb->data_end)
		return true;
	return !bpf_skb_pull_data(skb, wanted);
}

/* Rewrites the ports, and what of the checksum they change. */
static __always_inline bool rewrite_skb_ports(struct __sk_buff *skb, const struct packet *p,
					      const struct flow *flow, __u32 check,
					      __u64 zero_stays)
{
	__u64 told = 0;
	__u16 sum;

	/* Ports that no checksum balances change the sum that the hardware may have made. */
	if (zero_stays) {
		if (bpf_skb_load_bytes(skb, check, &sum, sizeof(sum)))
			return false;
		if (!sum)
			told = BPF_F_RECOMPUTE_CSUM;
	}
	if (bpf_l4_csum_replace(skb, check, 0, flow->port_delta, zero_stays))
		return false;
	/* Source and destination port lead both headers, side by side as in struct flow. */
	return !bpf_skb_store_bytes(skb, p->l4, &flow->sport, 4, told);
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
	return flow->flags & FLOW_FLAG_LATE ? translate_skb(skb, p, flow)
					    : rewrite_skb_ports(skb, p, flow, check, zero_stays);
}

/* What an IPv4 header has from its TTL on, up to options. */
struct ipv4_rest {
	__u8 ttl;
	__u8 protocol;
	__u16 check;
	__be32 saddr;
	__be32 daddr;
};

static __always_inline bool rewrite_skb_ipv4(struct __sk_buff *skb, const struct packet *p,
					     const struct flow *flow, __u8 ttl)
{
	__u64 delta = (__u64)flow->address_delta + (ttl == p->ttl ? 0 : TTL_DELTA);
	__u32 offset = p->l3 + offsetof(struct iphdr, ttl);
	struct ipv4_rest ip;

	if (bpf_skb_load_bytes(skb, offset, &ip, sizeof(ip)))
		return false;
	ip.ttl = ttl;
	ip.check = checksum_update(ip.check, delta);
	ip.saddr = address_to_v4(&flow->src);
	ip.daddr = address_to_v4(&flow->dst);
	return !bpf_skb_store_bytes(skb, offset, &ip, sizeof(ip), 0);
}

/*
 * IPv6 has no header checksum that would balance the change: a sum that the hardware made of the
 * whole packet (CHECKSUM_COMPLETE) must be told of it.
 */
static __always_inline bool rewrite_skb_ipv6(struct __sk_buff *skb, const struct packet *p,
					     const struct flow *flow, __u8 ttl)
{
	/* src and dst lie side by side in struct flow, as in the header. */
	return !bpf_skb_store_bytes(skb, p->l3 + offsetof(struct ipv6hdr, saddr), &flow->src, 32,
				    BPF_F_RECOMPUTE_CSUM) &&
	       !bpf_skb_store_bytes(skb, p->l3 + offsetof(struct ipv6hdr, hop_limit), &ttl, 1,
				    BPF_F_RECOMPUTE_CSUM);
}

/*
 * Stores new addresses, and takes `ttl_step` (0 or 1) off the TTL. By helpers only, here and
 * everywhere at TC: a program that writes directly has the kernel copy the headers of every cloned
 * packet that passes, and each TCP segment that this host sends is one.
 */
static __always_inline bool rewrite_skb_l3(struct __sk_buff *skb, const struct packet *p,
					   const struct flow *flow, __u8 ttl_step)
{
	return p->family == AF_INET ? rewrite_skb_ipv4(skb, p, flow, p->ttl - ttl_step)
				    : rewrite_skb_ipv6(skb, p, flow, p->ttl - ttl_step);
}

/* Rewrites addresses, ports and checksums of a TCP or UDP packet or fragment. */
static __always_inline bool rewrite_skb(struct __sk_buff *skb, const struct packet *p,
					const struct flow *flow, __u8 ttl_step)
{
	return (p->fragment == FRAGMENT_LATER || rewrite_skb_l4(skb, p, flow)) &&
	       rewrite_skb_l3(skb, p, flow, ttl_step);
}

static __always_inline long redirect_to_next_hop(struct __sk_buff *skb, const struct next_hop *hop)
{
	if (bpf_skb_store_bytes(skb, 0, hop->macs, sizeof(hop->macs), 0))
		return TC_ACT_SHOT;
	return bpf_redirect(hop->ifindex, 0);
}

#endif
