/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Sending a packet of a flow on at TC. */
#ifndef SLUICE_TRANSMIT_H
#define SLUICE_TRANSMIT_H

#include "decide.h"
#include "too_big.h"

/*
 * How many packets the wire will see of `skb`. Where nobody has told the number of segments (from a
 * guest, or through a tap) it follows from their size.
 */
static __always_inline __u32 wire_segments(struct __sk_buff *skb, __u32 payload)
{
	__u32 size = skb->gso_size;

	if (skb->gso_segs)
		return skb->gso_segs;
	return size && payload > size ? (payload + size - 1) / size : 1;
}

/*
 * Packets and bytes on the wire: a GSO packet is cut into segments with a header each. To be called
 * when nothing can keep the packet from leaving any more.
 */
static __always_inline void account_skb(struct __sk_buff *skb, const struct packet *p,
					const struct decision *d, __u64 now)
{
	__u32 headers = p->l4 - p->l3 + p->l4_length;
	__u32 segments = wire_segments(skb, p->length - headers);

	flow_account(p, d->flow, d->is_pending, now, segments,
		     p->length + (segments - 1) * headers);
}

/* The longest IP packet that the wire will see of `skb`. */
static __always_inline __u32 wire_length(struct __sk_buff *skb, const struct packet *p)
{
	return skb->gso_size ? p->l4 - p->l3 + p->l4_length + skb->gso_size : p->length;
}

/* Sends a rewritten packet on; TC_ACT_SHOT if its MAC addresses cannot be stored. */
static __always_inline long tc_transmit(struct __sk_buff *skb, enum route route,
					const struct next_hop *hop)
{
	switch (route) {
	case ROUTE_REDIRECT:
		return redirect_to_next_hop(skb, hop);
	case ROUTE_RESOLVE:
		return bpf_redirect_neigh(hop->ifindex, NULL, 0, 0);
	default:
		return TC_ACT_UNSPEC;
	}
}

static __always_inline enum reason tc_forward(struct __sk_buff *skb, const struct packet *p,
					      const struct decision *d, __u64 now, long *action)
{
	enum reason reason = REASON_NONE;
	bool remembered = route_is_remembered(p, d->flow, wire_length(skb, p), now);
	enum route route = route_flow(skb, p, d->flow, wire_length(skb, p), now, &reason);

	if (route == ROUTE_DROP && reason == REASON_DROPPED_TOO_BIG && too_big_is_wanted(skb, p))
		return too_big_answer(skb, p, d->flow->hop.mtu, action);
	if (route == ROUTE_DROP)
		return reason;
	if (route == ROUTE_EGRESS)
		return REASON_PASSED_TO_EGRESS;
	if (!rewrite_skb(skb, p, d->flow, route != ROUTE_STACK))
		return REASON_DROPPED_REWRITE_FAILED;
	/* What the FIB has just said is confirmed through the neighbour entry; see route.h. */
	if (route == ROUTE_REDIRECT && !remembered)
		route = ROUTE_RESOLVE;
	*action = tc_transmit(skb, route, &d->flow->hop);
	if (*action == TC_ACT_SHOT)
		return REASON_DROPPED_REWRITE_FAILED;
	/* The time anew: kept over the calls it takes stack that Linux 6.1 does not have left. */
	account_skb(skb, p, d, bpf_ktime_get_coarse_ns());
	return p->fragment == FRAGMENT_LATER ? REASON_FORWARDED_FRAGMENT : d->reason;
}

#endif
