/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Rewriting a frame at XDP: plain stores; every checksum is whole. */
#ifndef SLUICE_REWRITE_XDP_H
#define SLUICE_REWRITE_XDP_H

#include "checksum.h"
#include "route.h"
#include "translate.h"

/* Translates a packet without options; returns what that adds to its checksum. */
static __always_inline __u64 translate_xdp(struct tcphdr *tcp, const struct flow *flow)
{
	void *middle = (void *)tcp + TCP_OFFSET_SEQUENCE;
	struct tcp_middle from, to;

	__builtin_memcpy(&from, middle, sizeof(from));
	to = from;
	translate_middle(&to, flow);
	__builtin_memcpy(middle, &to, sizeof(to));
	return middle_delta(&from, &to);
}

static __always_inline bool rewrite_xdp_l4(void *data, void *data_end, const struct packet *p,
					   const struct flow *flow)
{
	__u64 delta = (__u64)flow->address_delta + flow->port_delta;

	if (p->key.protocol == IPPROTO_TCP) {
		struct tcphdr *tcp = header_at(data, data_end, p->l4, sizeof(*tcp));

		if (!tcp)
			return false;
		if (flow->flags & FLOW_FLAG_LATE)
			delta += translate_xdp(tcp, flow);
		tcp->source = flow->sport;
		tcp->dest = flow->dport;
		tcp->check = checksum_update(tcp->check, delta);
	} else {
		struct udphdr *udp = header_at(data, data_end, p->l4, sizeof(*udp));

		if (!udp)
			return false;
		udp->source = flow->sport;
		udp->dest = flow->dport;
		udp->check = checksum_update_udp(udp->check, delta);
	}
	return true;
}

static __always_inline bool rewrite_xdp_l3(void *data, void *data_end, const struct packet *p,
					   const struct flow *flow)
{
	if (p->family == AF_INET) {
		struct iphdr *ip = header_at(data, data_end, p->l3, sizeof(*ip));

		if (!ip)
			return false;
		ip->saddr = address_to_v4(&flow->src);
		ip->daddr = address_to_v4(&flow->dst);
		ip->ttl--;
		ip->check = checksum_update(ip->check, (__u64)flow->address_delta + TTL_DELTA);
	} else {
		struct ipv6hdr *ip = header_at(data, data_end, p->l3, sizeof(*ip));

		if (!ip)
			return false;
		address_to_v6(&ip->saddr, &flow->src);
		address_to_v6(&ip->daddr, &flow->dst);
		ip->hop_limit--;
	}
	return true;
}

/* Rewrites an unfragmented TCP or UDP packet for its next hop. */
static __always_inline bool rewrite_xdp(struct xdp_md *xdp, const struct packet *p,
					const struct flow *flow)
{
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return false;
	__builtin_memcpy(eth, flow->hop.macs, sizeof(flow->hop.macs));
	return rewrite_xdp_l3(data, data_end, p, flow) && rewrite_xdp_l4(data, data_end, p, flow);
}

#endif
