/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Where does the rewritten packet go next? The kernel's FIB answers; this maps its answers. */
#ifndef SLUICE_ROUTE_H
#define SLUICE_ROUTE_H

#include "flow.h"

/* One new flow in so many confirms its next hop; 0: none does. Set before load. */
const volatile __u32 confirm_one_in = 64;

enum route {
	ROUTE_REDIRECT, /* interface and MAC addresses are known */
	ROUTE_RESOLVE,	/* the interface is known, its neighbour is not yet */
	ROUTE_STACK,	/* rewrite and let the kernel go on: target on this host, MTU, TTL */
	ROUTE_EGRESS,	/* leave untouched: the kernel forwards it, tc_egress rewrites it */
	ROUTE_DROP,
};

/*
 * What to do when the kernel's stack must take over. It would drop a packet that carries one of
 * the host's own addresses as source ("martian"), and it answers a packet that is addressed
 * to itself. So a reply goes up untouched, and the packets of snat, which have the
 * host's address on either side, cannot go up at all.
 */
static __always_inline enum route route_by_stack(const struct flow *flow)
{
	if (flow->flags & FLOW_FLAG_SNAT)
		return ROUTE_DROP;
	return flow->direction == FLOW_DIRECTION_FORWARD ? ROUTE_STACK : ROUTE_EGRESS;
}

static __always_inline void route_query(struct bpf_fib_lookup *fib, const struct packet *p,
					const struct flow *flow, __u32 wire_length)
{
	__builtin_memset(fib, 0, sizeof(*fib));
	fib->family = p->family;
	fib->l4_protocol = p->key.protocol;
	fib->sport = flow->sport;
	fib->dport = flow->dport;
	fib->tot_len = wire_length > 0xffff ? 0xffff : wire_length;
	fib->ifindex = p->ifindex;
	if (p->family == AF_INET) {
		fib->ipv4_src = address_to_v4(&flow->src);
		fib->ipv4_dst = address_to_v4(&flow->dst);
	} else {
		address_to_v6((struct in6_addr *)fib->ipv6_src, &flow->src);
		address_to_v6((struct in6_addr *)fib->ipv6_dst, &flow->dst);
	}
}

static __always_inline void route_note(struct next_hop *hop, const struct bpf_fib_lookup *fib)
{
	hop->ifindex = fib->ifindex;
	__builtin_memcpy(hop->macs, fib->dmac, ETH_ALEN);
	__builtin_memcpy(hop->macs + ETH_ALEN, fib->smac, ETH_ALEN);
	hop->mtu = fib->mtu_result;
}

static __always_inline bool route_hop_is_known(const struct next_hop *hop)
{
	const __u16 *mac = (const __u16 *)hop->macs;

	return mac[0] | mac[1] | mac[2];
}

/*
 * Asks the FIB about the packet after its rewrite, and notes what it says in flow->hop.
 * `wire_length` is the length of the longest IP packet that will be on the wire. On ROUTE_DROP
 * `reason` says why.
 */
static __always_inline enum route route_find(void *ctx, const struct packet *p, struct flow *flow,
					     __u32 wire_length, enum reason *reason)
{
	struct bpf_fib_lookup fib;
	long answer;

	if (flow->flags & FLOW_FLAG_LOCAL && flow->direction == FLOW_DIRECTION_FORWARD)
		return ROUTE_STACK;
	route_query(&fib, p, flow, wire_length);
	answer = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	route_note(&flow->hop, &fib);
	switch (answer) {
	case BPF_FIB_LKUP_RET_SUCCESS:
	case BPF_FIB_LKUP_RET_NO_NEIGH:
		if (p->ttl <= 1) {
			*reason = REASON_DROPPED_TTL_EXPIRED;
			return route_by_stack(flow);
		}
		return route_hop_is_known(&flow->hop) ? ROUTE_REDIRECT : ROUTE_RESOLVE;
	case BPF_FIB_LKUP_RET_FRAG_NEEDED:
		*reason = REASON_DROPPED_TOO_BIG;
		return route_by_stack(flow);
	case BPF_FIB_LKUP_RET_FWD_DISABLED:
		*reason = REASON_DROPPED_FORWARDING_DISABLED;
		return ROUTE_DROP;
	default:
		*reason = REASON_DROPPED_NO_ROUTE;
		return route_by_stack(flow);
	}
}

static __always_inline bool route_is_remembered(const struct packet *p, const struct flow *flow,
						__u32 wire_length, __u64 now)
{
	return flow->hop.epoch == (__u32)(now >> EPOCH_SHIFT) && wire_length <= flow->hop.mtu &&
	       p->ttl > 1;
}

/*
 * True when XDP should leave a packet to TC, which sends it through the kernel's neighbour
 * entry: only that makes the kernel confirm an entry that has grown stale (RFC 4861, 7.3), and
 * notice a next hop that has moved. Once an epoch for flows that last, and for a sample of new
 * ones.
 */
static __always_inline bool route_wants_confirmation(const struct flow *flow, __u64 now)
{
	if (!flow->hop.epoch)
		return confirm_one_in && !(bpf_get_prandom_u32() % confirm_one_in);
	return flow->hop.epoch != (__u32)(now >> EPOCH_SHIFT);
}

/*
 * The same for a packet of a flow, which remembers the answer until the next epoch: the FIB look-up
 * costs more than all else together. So a change of route or neighbour takes effect within
 * about a second. Two CPUs may write and read it at once; then a packet may go astray in the moment
 * in which the next hop changes.
 */
static __always_inline enum route route_flow(void *ctx, const struct packet *p, struct flow *flow,
					     __u32 wire_length, __u64 now, enum reason *reason)
{
	enum route route;

	if (route_is_remembered(p, flow, wire_length, now))
		return ROUTE_REDIRECT;
	flow->hop.epoch = 0;
	route = route_find(ctx, p, flow, wire_length, reason);
	if (route == ROUTE_REDIRECT)
		flow->hop.epoch = now >> EPOCH_SHIFT;
	return route;
}

#endif
