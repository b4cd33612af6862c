/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The decision for a parsed packet: of which flow is it, is it a new one, or not ours at all? */
#ifndef SLUICE_DECIDE_H
#define SLUICE_DECIDE_H

#include "open.h"

/* What was decided. `flow` is set exactly when `reason` says FORWARDED. */
struct decision {
	struct flow *flow;
	bool handshake; /* `flow` is in `handshakes` */
	enum reason reason;
};

static __always_inline void decide_established(struct decision *d, struct flow *flow,
					       bool handshake)
{
	d->flow = flow;
	d->handshake = handshake;
	d->reason = flow->direction == FLOW_DIRECTION_FORWARD ? REASON_FORWARDED_ESTABLISHED
							      : REASON_FORWARDED_REPLY;
}

/* A segment of a listener that `flows` does not know: handshake, new connection, or stray. */
static __always_inline void decide_tcp(struct decision *d, const struct packet *p,
				       const struct listener *listener, __u64 now)
{
	struct flow *flow = bpf_map_lookup_elem(&handshakes, &p->key);

	if (flow && packet_is_syn(p) && flow->state == FLOW_STATE_CLOSING) {
		flow_remove(&handshakes, &p->key, flow);
		flow = NULL;
	}
	if (flow && (p->tcp_flags & (TCP_SYN | TCP_RST))) {
		decide_established(d, flow, true);
	} else if (flow) {
		flow = flow_establish(&p->key, flow);
		if (flow)
			decide_established(d, flow, false);
		else
			d->reason = REASON_DROPPED_TABLE_FULL;
	} else if (packet_is_syn(p)) {
		d->reason = open_flow(&handshakes, &flows, p, listener, now);
		if (d->reason != REASON_FORWARDED_NEW_FLOW)
			return;
		d->flow = bpf_map_lookup_elem(&handshakes, &p->key);
		d->handshake = true;
	} else {
		d->reason = REASON_PASSED_NO_FLOW;
	}
}

static __always_inline void decide_udp(struct decision *d, const struct packet *p,
				       const struct listener *listener, __u64 now)
{
	d->reason = open_flow(&flows, NULL, p, listener, now);
	if (d->reason == REASON_FORWARDED_NEW_FLOW)
		d->flow = bpf_map_lookup_elem(&flows, &p->key);
}

/* A packet that no flow and no listener knows: perhaps the target's answer to a SYN. */
static __always_inline void decide_handshake_reply(struct decision *d, const struct packet *p)
{
	struct flow *flow = NULL;

	d->reason = REASON_PASSED_NO_LISTENER;
	if (p->tcp_flags & (TCP_SYN | TCP_RST))
		flow = bpf_map_lookup_elem(&handshakes, &p->key);
	if (flow)
		decide_established(d, flow, true);
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

	if (!listener)
		decide_handshake_reply(d, p);
	else if (p->key.protocol == IPPROTO_TCP)
		decide_tcp(d, p, listener, now);
	else
		decide_udp(d, p, listener, now);
	/* Another CPU may have evicted what was entered a moment ago. */
	if (d->reason == REASON_FORWARDED_NEW_FLOW && !d->flow)
		d->reason = REASON_DROPPED_TABLE_FULL;
}

/* Decides for a TCP or UDP packet that comes in. `d` must be zeroed. */
static __always_inline void decide_ingress(struct decision *d, const struct packet *p, __u64 now)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, &p->key);

	if (flow && flow->state == FLOW_STATE_CLOSING && packet_is_syn(p) &&
	    flow->direction == FLOW_DIRECTION_FORWARD) {
		flow_remove(&flows, &p->key, flow);
		flow = NULL;
	}
	if (flow)
		decide_established(d, flow, false);
	else
		decide_without_flow(d, p, now);
}

/* Decides for a packet that the kernel sends out: only replies of targets on this host are ours. */
static __always_inline void decide_egress(struct decision *d, const struct packet *p)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, &p->key);

	if (flow)
		decide_established(d, flow, false);
	else
		decide_handshake_reply(d, p);
	if (d->reason != REASON_FORWARDED_REPLY) {
		d->reason = REASON_PASSED_NO_LISTENER;
		d->flow = NULL;
	}
}

#endif
