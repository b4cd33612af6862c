// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The programs. Each parses, looks up, decides, rewrites and counts; how is in the headers.
 *
 * xdp_ingress is the fast path: whole TCP and UDP packets whose next hop is known. All else that
 * is ours (fragments, ICMP errors, unresolved neighbours, targets on this host, MTU and TTL)
 * it leaves untouched to tc_ingress, which hangs on the same interface and can do everything.
 */
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture.h"
#include "forward_skb.h"
#include "ingress_xdp.h"
#include "sweep.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Keeps the types of abi_exports in the BTF. */
const volatile struct abi_exports abi_exports;

/* The order of enum reason groups outcomes: FORWARDED, then PASSED, then DROPPED. */
static __always_inline bool reason_is_forwarded(enum reason reason)
{
	return reason < REASON_PASSED_NOT_IP;
}

static __always_inline bool reason_is_dropped(enum reason reason)
{
	return reason >= REASON_DROPPED_NO_TARGET;
}

static __always_inline int xdp_action(enum reason reason)
{
	if (reason_is_forwarded(reason))
		return XDP_REDIRECT;
	return reason_is_dropped(reason) ? XDP_DROP : XDP_PASS;
}

/* What TC is told: drops, and else what the packet's way has asked for. */
static __always_inline int tc_action(enum reason reason, long action)
{
	return reason_is_dropped(reason) ? TC_ACT_SHOT : action;
}

SEC("xdp")
int xdp_ingress(struct xdp_md *xdp)
{
	enum reason reason;
	int action;

	if (capture_is_on())
		capture_xdp_before(xdp);
	reason = xdp_decide(xdp);
	count_reason(HOOK_XDP_INGRESS, reason);
	action = xdp_action(reason);
	if (capture_is_on())
		capture_xdp_after(xdp, reason, action);
	return action;
}

SEC("tc")
int tc_ingress(struct __sk_buff *skb)
{
	long action = TC_ACT_UNSPEC;
	enum reason reason;

	if (capture_is_on())
		capture_tc_before(skb);
	reason = tc_decide_ingress(skb, &action);
	if (reason == REASON_PASSED_TO_TC)
		reason = tc_aside(skb, &action);
	count_reason(HOOK_TC_INGRESS, reason);
	action = tc_action(reason, action);
	if (capture_is_on())
		capture_tc_after(skb, HOOK_TC_INGRESS, reason, action);
	return action;
}

SEC("tc")
int tc_egress(struct __sk_buff *skb)
{
	long action = TC_ACT_UNSPEC;
	enum reason reason;

	if (capture_is_on())
		capture_tc_before(skb);
	reason = tc_decide_egress(skb);
	if (reason == REASON_PASSED_TO_TC)
		reason = tc_bind_late(skb, &action);
	count_reason(HOOK_TC_EGRESS, reason);
	action = tc_action(reason, action);
	if (capture_is_on())
		capture_tc_after(skb, HOOK_TC_EGRESS, reason, action);
	return action;
}

SEC("syscall")
int sweep(struct sweep_args *args)
{
	struct sweep_args local = *args;

	/* The same clock, at most a tick ahead; syscall programs have no coarse one. */
	local.now_ns = bpf_ktime_get_ns();
	local.active = 0;
	local.pending = 0;
	local.expired = 0;
	bpf_for_each_map_elem(&target_active, sweep_clear, NULL, 0);
	bpf_for_each_map_elem(&late, sweep_late, &local, 0);
	bpf_for_each_map_elem(&pending, sweep_flow, &local, 0);
	local.pending = local.active;
	local.active = 0;
	bpf_for_each_map_elem(&flows, sweep_flow, &local, 0);
	if (events_settings())
		bpf_for_each_map_elem(&told_flows, sweep_told, NULL, 0);
	*args = local;
	return 0;
}
