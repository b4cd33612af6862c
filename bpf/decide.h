/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The decision for a parsed packet: of which flow is it, is it a new one, or not ours at all? */
#ifndef SLUICE_DECIDE_H
#define SLUICE_DECIDE_H

#include "open.h"

/* What was decided. `flow` is set exactly when `reason` says FORWARDED. */
struct decision {
	struct flow *flow;
	bool is_pending; /* `flow` is in `pending` */
	enum reason reason;
};

/* A packet of a flow for whose target bytes are held: it is late.h's, at TC. */
static __always_inline void decide_held(struct decision *d)
{
	d->flow = NULL;
	d->reason = REASON_PASSED_TO_TC;
}

static __always_inline void decide_established(struct decision *d, struct flow *flow,
					       bool is_pending)
{
	if (flow->flags & FLOW_FLAG_HELD) {
		decide_held(d);
		return;
	}
	d->flow = flow;
	d->is_pending = is_pending;
	d->reason = flow->direction == FLOW_DIRECTION_FORWARD ? REASON_FORWARDED_ESTABLISHED
							      : REASON_FORWARDED_REPLY;
}

/*
 * True when a packet of a closing flow's tuple begins another connection: a client's SYN, or the
 * target's SYN-ACK to a client that now comes to it directly, from the same port.
 */
static __always_inline bool begins_another(const struct packet *p, const struct flow *flow)
{
	return flow->state == FLOW_STATE_CLOSING && (p->tcp_flags & (TCP_SYN | TCP_RST)) == TCP_SYN;
}

/* The flow that a packet belongs to; one that it shows to be over is removed. */
static __always_inline struct flow *find_flow(void *table, const struct packet *p)
{
	struct flow *flow = bpf_map_lookup_elem(table, &p->key);

	if (!flow || !begins_another(p, flow))
		return flow;
	flow_end(table, &p->key, flow);
	return NULL;
}

/* A packet of a pending flow, which may be what makes it a lasting one. */
static __always_inline void decide_pending(struct decision *d, const struct packet *p,
					   struct flow *flow, __u64 now)
{
	if (flow->flags & FLOW_FLAG_HELD || !pending_is_over(p, flow, now)) {
		decide_established(d, flow, true);
		return;
	}
	flow = flow_establish(&p->key, flow);
	if (flow)
		decide_established(d, flow, false);
	else
		d->reason = REASON_DROPPED_TABLE_FULL;
}

/* Opens a flow for a client, if limits let it. */
static __always_inline enum reason open_within_limits(const struct packet *p,
						      const struct listener *listener, __u64 now)
{
	enum reason reason;

	if (listener->flags & LISTENER_FLAG_SOURCE_LIMIT &&
	    !rate_admits_source(listener->proxy, &p->key.src))
		return REASON_DROPPED_RATE_LIMITED_SOURCE;
	reason = open_select(p, listener);
	if (!reason)
		reason = open_flow(p, listener, now);
	if (reason == REASON_DROPPED_RATE_LIMITED_TARGET)
		count_rate_limited_target(listener->proxy);
	return reason;
}

static __always_inline void decide_open(struct decision *d, const struct packet *p,
					const struct listener *listener, __u64 now)
{
	d->reason = open_within_limits(p, listener, now);
	if (d->reason != REASON_FORWARDED_NEW_FLOW && d->reason != REASON_FORWARDED_ESTABLISHED)
		return;
	if (d->reason == REASON_FORWARDED_NEW_FLOW)
		events_tell_opened(0);
	d->flow = bpf_map_lookup_elem(&pending, &p->key);
	d->is_pending = true;
	/* Another CPU may have evicted what was entered a moment ago. */
	if (!d->flow)
		d->reason = REASON_DROPPED_TABLE_FULL;
	else if (d->flow->flags & FLOW_FLAG_HELD)
		decide_held(d);
}

/*
 * True for clients whose target is chosen by the name that they ask for, which comes later than
 * their SYN. A source route is stronger than a name.
 */
static __always_inline bool is_bound_late(const struct listener *listener, const struct packet *p)
{
	return listener->flags & LISTENER_FLAG_SNI && p->key.protocol == IPPROTO_TCP &&
	       !select_source_route(listener, &p->key.src);
}

/*
 * A packet of a flow that was not yet in `flows` and then no longer in `pending`, because another
 * CPU has moved it in between. A SYN moves none, and is of none that was moved by it.
 */
static __always_inline bool decide_moved(struct decision *d, const struct packet *p)
{
	struct flow *flow = packet_is_syn(p) ? NULL : bpf_map_lookup_elem(&flows, &p->key);

	if (flow)
		decide_established(d, flow, false);
	return flow;
}

/* A packet of a listener that `flows` does not know: of a pending flow, of a new one, or astray. */
static __always_inline void decide_listener(struct decision *d, const struct packet *p,
					    const struct listener *listener, __u64 now)
{
	struct flow *flow = find_flow(&pending, p);

	if (flow)
		decide_pending(d, p, flow, now);
	else if (decide_moved(d, p))
		return;
	else if (!packet_source_is_plausible(p))
		d->reason = REASON_PASSED_MARTIAN;
	else if (is_bound_late(listener, p))
		d->reason = REASON_PASSED_TO_TC;
	else if (p->key.protocol == IPPROTO_UDP || packet_is_syn(p))
		decide_open(d, p, listener, now);
	else
		d->reason = REASON_PASSED_NO_FLOW;
}

/* A packet that no flow and no listener knows: perhaps a target's first answer. */
static __always_inline void decide_first_reply(struct decision *d, const struct packet *p,
					       __u64 now)
{
	struct flow *flow;

	d->reason = REASON_PASSED_NO_LISTENER;
	if (p->key.protocol != IPPROTO_UDP && !(p->tcp_flags & (TCP_SYN | TCP_RST)))
		return;
	flow = find_flow(&pending, p);
	if (flow)
		decide_pending(d, p, flow, now);
	else
		decide_moved(d, p);
}

static __always_inline void decide_without_flow(struct decision *d, const struct packet *p,
						__u64 now)
{
	struct listener_key key = {
		.address = p->key.dst,
		.port = p->key.dport,
		.protocol = p->key.protocol,
	};
	struct listener *listener = bpf_map_lookup_elem(&listeners, &key);

	if (listener)
		decide_listener(d, p, listener, now);
	else
		decide_first_reply(d, p, now);
}

/* Decides for a TCP or UDP packet that comes in. `d` must be zeroed. */
static __always_inline void decide_ingress(struct decision *d, const struct packet *p, __u64 now)
{
	struct flow *flow = find_flow(&flows, p);

	if (flow)
		decide_established(d, flow, false);
	else
		decide_without_flow(d, p, now);
}

/* Decides for a packet that the kernel sends out: only replies of targets on this host are ours. */
static __always_inline void decide_egress(struct decision *d, const struct packet *p, __u64 now)
{
	struct flow *flow = find_flow(&flows, p);

	if (flow)
		decide_established(d, flow, false);
	else
		decide_first_reply(d, p, now);
	if (d->reason != REASON_FORWARDED_REPLY && d->reason != REASON_PASSED_TO_TC) {
		d->reason = REASON_PASSED_NO_LISTENER;
		d->flow = NULL;
	}
}

#endif
