/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What TC does with a packet that is ours, coming in or going out: all that there is to do. */
#ifndef SLUICE_FORWARD_SKB_H
#define SLUICE_FORWARD_SKB_H

#include <linux/if_packet.h>

#include "fragment.h"
#include "late.h"

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

/* All but ICMP errors and late binding; REASON_PASSED_TO_TC leaves those to tc_aside. */
__noinline enum reason tc_decide_ingress(struct __sk_buff *skb, long *action)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet p = {.ifindex = skb->ifindex};
	struct decision d = {};
	enum reason reason;

	if (!action) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	if (skb->pkt_type != PACKET_HOST)
		return REASON_PASSED_OTHER_HOST;
	reason = tc_parse(skb, &p, now);
	if (reason)
		return reason;
	if (packet_is_icmp(&p))
		return set_aside(&p, false);
	decide_ingress(&d, &p, now);
	if (d.reason == REASON_PASSED_TO_TC)
		return set_aside(&p, false);
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

/* Late binding of a packet that was set aside. */
static __always_inline enum reason tc_bind_late(struct __sk_buff *skb, long *action)
{
	enum reason reason = late_packet(skb, action);
	struct late_work *work = late_work();

	__u32 raise;

	if (!work || reason != REASON_NONE)
		return reason;
	if (work->replays) {
		reason = late_replay(skb);
		return reason == REASON_NONE ? late_forward(skb, action) : reason;
	}
	raise = work->raise;
	if (raise && !late_raise(skb, raise))
		return REASON_DROPPED_REWRITE_FAILED;
	reason = late_forward(skb, action);
	/* tc_egress will see it again, and is to see it as it was. */
	if (raise && reason == REASON_PASSED_TO_EGRESS && !late_raise(skb, -raise))
		return REASON_DROPPED_REWRITE_FAILED;
	return reason;
}

/* What tc_decide_ingress has set aside. */
static __always_inline enum reason tc_aside(struct __sk_buff *skb, long *action)
{
	struct late_work *work = late_work();

	return work && packet_is_icmp(&work->p) ? tc_forward_icmp(skb, &work->p, action)
						: tc_bind_late(skb, action);
}

/* All but late binding, as tc_decide_ingress. */
__noinline enum reason tc_decide_egress(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet p = {.ifindex = skb->ifindex}; /* held bytes go back where this came from */
	struct decision d = {};
	enum reason reason = tc_parse(skb, &p, now);

	if (reason)
		return reason;
	if (packet_is_icmp(&p))
		return tc_egress_icmp(skb, &p);
	decide_egress(&d, &p, now);
	if (d.reason == REASON_PASSED_TO_TC)
		return set_aside(&p, true);
	if (!d.flow) {
		fragment_forget(&p);
		return d.reason;
	}
	fragment_learn(&p, now);
	if (!rewrite_skb(skb, &p, d.flow, 0))
		return REASON_DROPPED_REWRITE_FAILED;
	account_skb(skb, &p, &d, now);
	return p.fragment == FRAGMENT_LATER ? REASON_FORWARDED_FRAGMENT : d.reason;
}

#endif
