/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What TC does with a packet that is ours, coming in or going out: all that there is to do. */
#ifndef SLUICE_FORWARD_SKB_H
#define SLUICE_FORWARD_SKB_H

#include <linux/if_packet.h>

#include "decide.h"
#include "fragment.h"
#include "too_big.h"

/* Packets and bytes on the wire: a GSO packet is cut into segments with a header each. */
static __always_inline void account_skb(struct __sk_buff *skb, const struct packet *p,
					const struct decision *d, __u64 now)
{
	__u32 segments = skb->gso_segs ? skb->gso_segs : 1;
	__u32 headers = p->l4 - p->l3 + p->l4_length;

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
	account_skb(skb, p, d, now);
	if (!rewrite_skb(skb, p, d->flow, route != ROUTE_STACK))
		return REASON_DROPPED_REWRITE_FAILED;
	/* What the FIB has just said is confirmed through the neighbour entry; see route.h. */
	if (route == ROUTE_REDIRECT && !remembered)
		route = ROUTE_RESOLVE;
	*action = tc_transmit(skb, route, &d->flow->hop);
	if (*action == TC_ACT_SHOT)
		return REASON_DROPPED_REWRITE_FAILED;
	return p->fragment == FRAGMENT_LATER ? REASON_FORWARDED_FRAGMENT : d->reason;
}

/* Room for the rewrite of an ICMP error's outer header. */
static __always_inline struct flow *outer_draft(void)
{
	__u32 zero = 0;
	struct flow_draft *draft = bpf_map_lookup_elem(&drafts, &zero);

	return draft ? &draft->forward : NULL;
}

/* A global function, so that its stack is not also that of open_flow. */
__noinline enum reason tc_forward_icmp(struct __sk_buff *skb, const struct packet *p, long *action)
{
	struct flow *outer = outer_draft();
	enum reason reason;
	enum route route;

	if (!p || !action || !outer) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	reason = icmp_translate(skb, p, outer);
	if (reason != REASON_FORWARDED_ICMP_ERROR)
		return reason;
	route = route_find(skb, p, outer, p->length, &reason);
	if (route == ROUTE_DROP || route == ROUTE_EGRESS)
		return reason;
	if (!rewrite_skb_l3(skb, p, outer, route != ROUTE_STACK))
		return REASON_DROPPED_REWRITE_FAILED;
	*action = tc_transmit(skb, route, &outer->hop);
	return *action == TC_ACT_SHOT ? REASON_DROPPED_REWRITE_FAILED : REASON_FORWARDED_ICMP_ERROR;
}

static __always_inline enum reason tc_parse(struct __sk_buff *skb, struct packet *p, __u64 now)
{
	enum reason reason;

	if (skb->vlan_present)
		return REASON_PASSED_VLAN;
	if (!skb_pull_headers(skb))
		return REASON_PASSED_MALFORMED;
	reason = parse_frame((void *)(long)skb->data, (void *)(long)skb->data_end, skb->len,
			     skb->gso_size, p);
	if (reason)
		return reason;
	return fragment_resolve(p, now) ? REASON_NONE : REASON_PASSED_UNKNOWN_FRAGMENT;
}

static __always_inline enum reason tc_decide_ingress(struct __sk_buff *skb, long *action)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet p = {.ifindex = skb->ifindex};
	struct decision d = {};
	enum reason reason;

	if (skb->pkt_type != PACKET_HOST)
		return REASON_PASSED_OTHER_HOST;
	reason = tc_parse(skb, &p, now);
	if (reason)
		return reason;
	if (packet_is_icmp(&p))
		return tc_forward_icmp(skb, &p, action);
	decide_ingress(&d, &p, now);
	if (!d.flow) {
		fragment_forget(&p);
		return d.reason;
	}
	fragment_learn(&p, now);
	return tc_forward(skb, &p, &d, now, action);
}

/* An error that the kernel or a target on this host sends: only addresses change, no route. */
static __always_inline enum reason tc_egress_icmp(struct __sk_buff *skb, const struct packet *p)
{
	struct flow *outer = outer_draft();
	enum reason reason;

	if (!outer)
		return REASON_DROPPED_REWRITE_FAILED;
	reason = icmp_translate(skb, p, outer);
	if (reason != REASON_FORWARDED_ICMP_ERROR)
		return reason;
	if (!rewrite_skb_l3(skb, p, outer, 0))
		return REASON_DROPPED_REWRITE_FAILED;
	return REASON_FORWARDED_ICMP_ERROR;
}

static __always_inline enum reason tc_decide_egress(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet p = {};
	struct decision d = {};
	enum reason reason = tc_parse(skb, &p, now);

	if (reason)
		return reason;
	if (packet_is_icmp(&p))
		return tc_egress_icmp(skb, &p);
	decide_egress(&d, &p, now);
	if (!d.flow) {
		fragment_forget(&p);
		return d.reason;
	}
	fragment_learn(&p, now);
	account_skb(skb, &p, &d, now);
	if (!rewrite_skb(skb, &p, d.flow, 0))
		return REASON_DROPPED_REWRITE_FAILED;
	return p.fragment == FRAGMENT_LATER ? REASON_FORWARDED_FRAGMENT : d.reason;
}

#endif
