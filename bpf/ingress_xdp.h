/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What XDP does with a frame: whole TCP and UDP packets whose next hop is known go, the rest is
 * TC's. */
#ifndef SLUICE_INGRESS_XDP_H
#define SLUICE_INGRESS_XDP_H

#include "decide.h"
#include "rewrite_xdp.h"

static __always_inline bool xdp_may_redirect(__u32 ifindex)
{
	struct device *device = bpf_map_lookup_elem(&devices, &ifindex);

	return device && device->xdp_redirect;
}

static __always_inline enum reason xdp_forward(struct xdp_md *xdp, const struct packet *p,
					       const struct decision *d, __u64 now)
{
	enum reason ignored = REASON_NONE;

	/* Only SACK comes with options in a flow that was bound late; that is rare. */
	if (d->flow->flags & FLOW_FLAG_LATE && p->l4_length > sizeof(struct tcphdr))
		return REASON_PASSED_TO_TC;
	if (route_wants_confirmation(d->flow, now))
		return REASON_PASSED_TO_TC;
	if (route_flow(xdp, p, d->flow, p->length, now, &ignored) != ROUTE_REDIRECT ||
	    !xdp_may_redirect(d->flow->hop.ifindex))
		return REASON_PASSED_TO_TC;
	flow_account(p, d->flow, d->is_pending, now, 1, p->length);
	if (!rewrite_xdp(xdp, p, d->flow))
		return REASON_DROPPED_REWRITE_FAILED;
	if (bpf_redirect(d->flow->hop.ifindex, 0) != XDP_REDIRECT)
		return REASON_DROPPED_REWRITE_FAILED;
	return d->reason;
}

/* False for frames that a switch floods, or that a promiscuous interface sees. */
static __always_inline bool xdp_is_for_us(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	__u32 ifindex = xdp->ingress_ifindex;
	struct device *device = bpf_map_lookup_elem(&devices, &ifindex);
	const __u16 *a = data, *b;

	if (!device || data + ETH_ALEN > data_end)
		return false;
	b = (const __u16 *)device->mac;
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

static __always_inline enum reason xdp_decide(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet p = {.ifindex = xdp->ingress_ifindex};
	struct decision d = {};
	enum reason reason = parse_frame(data, data_end, data_end - data, false, &p);

	if (reason)
		return reason;
	if (packet_is_icmp(&p) || p.fragment || !xdp_is_for_us(xdp))
		return REASON_PASSED_TO_TC;
	decide_ingress(&d, &p, now);
	return d.flow ? xdp_forward(xdp, &p, &d, now) : d.reason;
}

#endif
