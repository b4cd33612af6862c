/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Late binding, towards the target: what we send is made as if the client had sent it, and goes the
 * way of the client's packets. */
#ifndef SLUICE_LATE_SEND_H
#define SLUICE_LATE_SEND_H

#include "late_hold.h"
#include "late_write.h"
#include "transmit.h"

#define LATE_BURST 12 /* segments of MSS_V4 that hold LATE_BYTES */

/* A reply that the kernel sends out: only its addresses change, no route. */
static __always_inline enum reason late_forward_egress(struct __sk_buff *skb,
						       const struct packet *p,
						       const struct decision *d, __u64 now)
{
	if (!rewrite_skb(skb, p, d->flow, 0))
		return REASON_DROPPED_REWRITE_FAILED;
	account_skb(skb, p, d, now);
	return d->reason;
}

/*
 * Sends a copy of a packet of a flow on, and keeps the packet in hand. Returns less than 0 on
 * failure, 0 if there is no way for copies: the neighbour is not known, or the target is this host.
 */
__noinline int late_forward_copy(struct __sk_buff *skb, const struct packet *p, struct flow *flow)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	enum reason ignored = REASON_NONE;
	struct decision d = {};

	if (!p || !flow) /* the verifier wants to see it */
		return -1;
	d.flow = flow;
	if (route_flow(skb, p, flow, p->length, now, &ignored) != ROUTE_REDIRECT)
		return 0;
	if (!rewrite_skb(skb, p, flow, 1) ||
	    bpf_skb_store_bytes(skb, 0, flow->hop.macs, sizeof(flow->hop.macs), 0) ||
	    bpf_clone_redirect(skb, flow->hop.ifindex, 0))
		return -1;
	account_skb(skb, p, &d, now);
	return 1;
}

/*
 * Sends the packet in work->p on as one of its flow. Called by the programs themselves, when all
 * else is done: so its stack comes not on top of what it took to get there.
 */
__noinline enum reason late_forward(struct __sk_buff *skb, long *action)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct late_work *work = late_work();
	struct decision d = {};
	enum reason reason;

	if (!work || !action) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	d.flow = flow_find(&work->p.key, &d.is_pending);
	if (!d.flow)
		return REASON_DROPPED_NOTHING_HELD;
	d.reason = work->reason;
	if (d.reason == REASON_NONE)
		d.reason = d.flow->direction == FLOW_DIRECTION_FORWARD
				   ? REASON_FORWARDED_ESTABLISHED
				   : REASON_FORWARDED_REPLY;
	if (work->egress && d.flow->direction == FLOW_DIRECTION_REPLY)
		return late_forward_egress(skb, &work->p, &d, now);
	reason = tc_forward(skb, &work->p, &d, now, action);
	/* To a target on this host, whose answer was on its way out: back in. */
	if (work->egress && reason == d.reason && *action == TC_ACT_UNSPEC)
		*action = bpf_redirect(skb->ifindex, BPF_F_INGRESS);
	return reason;
}

/* Leaves the packet in work->p to late_forward, which is to count `reason`; REASON_NONE: as usual.
 */
static __always_inline enum reason late_pass_on(struct late_work *work, enum reason reason)
{
	work->reason = reason;
	work->replays = false;
	return REASON_NONE;
}

/*
 * Leaves the packet in hand to late_replay, and then to late_forward. Until then the slot stays
 * acquired: its bytes must not become another connection's.
 */
static __always_inline enum reason late_pass_replay(struct late_work *work, __u32 from)
{
	work->reason = REASON_FORWARDED_REPLAYED;
	work->replays = true;
	work->from = from;
	return REASON_NONE;
}

/* The same with all that the target has not acknowledged; `asks`: it may then ask for it again. */
static __always_inline enum reason late_pass_rest(struct late_work *work, struct late_slot *slot,
						  bool asks)
{
	slot->asks = asks;
	return late_pass_replay(work, slot->acked);
}

/* Takes a packet off the wire that needs no answer. */
static __always_inline enum reason late_keep(long *action)
{
	*action = TC_ACT_SHOT; /* tcx knows no other way to take a packet */
	return REASON_FORWARDED_HELD;
}

/*
 * Counts a target's packet that goes no further than here: it is kept, or becomes what is held. A
 * global function: the verifier looks at it once, and it has a stack of its own.
 */
__noinline int late_account_reply(void)
{
	struct late_work *work = late_work();
	bool is_pending;
	struct flow *reply;

	if (!work) /* the verifier wants to see it */
		return 0;
	reply = flow_find(&work->p.key, &is_pending);
	if (reply)
		flow_account(&work->p, reply, is_pending, bpf_ktime_get_coarse_ns(), 1,
			     work->p.length);
	return 0;
}

/*
 * What a target acknowledges of its header means nothing to the client but that its SYN has come:
 * notes what is to be added to the acknowledgement in hand, if it is within `header` bytes.
 */
static __always_inline void late_note_raise(struct late_work *work, __u32 acked, __u32 header)
{
	work->raise = work->p.tcp_flags & TCP_ACK && acked < header ? header - acked : 0;
}

/* Adds `raise` to the acknowledgement of the packet in hand. */
__noinline int late_raise(struct __sk_buff *skb, __u32 raise)
{
	struct late_work *work = late_work();
	__be32 from, to;
	__u32 offset;

	if (!work) /* the verifier wants to see it */
		return false;
	from = work->p.ack;
	to = bpf_htonl(bpf_ntohl(from) + raise);
	offset = work->p.l4;
	work->p.ack = to;
	return !bpf_l4_csum_replace(skb, offset + offsetof(struct tcphdr, check), 0,
				    checksum_fold((__u64)(__u32)~from + to), 0) &&
	       !bpf_skb_store_bytes(skb, offset + offsetof(struct tcphdr, ack_seq), &to, sizeof(to),
				    0);
}

/* Makes the packet in hand the SYN to the target, as the client has sent it to us. */
static __always_inline enum reason late_send_syn(struct __sk_buff *skb, struct late_work *work,
						 struct late_slot *slot)
{
	struct late_segment *s = late_client_segment(work, TCP_SYN);
	__u32 window = slot->window;

	cookie_read_options(&s->options, slot->cookie);
	if (s->options.scale != NO_SCALE)
		window <<= s->options.scale & 15;
	s->window = window > 0xffff ? 0xffff : window;
	s->seq = slot->isn -
		 slot->header; /* what is before the client's first byte is the header's */
	s->has_options = 1;
	if (!late_write(skb))
		return REASON_DROPPED_REWRITE_FAILED;
	return late_pass_on(work, REASON_FORWARDED_NEW_FLOW);
}

/* What is held for the target: its header, and what the client has sent. */
static __always_inline __u32 late_total(const struct late_slot *slot)
{
	return slot->header + slot->end;
}

/*
 * Makes the packet in hand a segment with what is held from `from` on; the header is a segment of
 * its own. Returns where the next begins.
 */
static __always_inline __u32 late_write_held(struct __sk_buff *skb, struct late_work *work,
					     struct late_slot *slot, __u32 from)
{
	struct late_segment *s = late_client_segment(work, TCP_ACK | TCP_PSH);
	__u32 length = late_total(slot) - from;

	if (length > slot->mss)
		length = slot->mss;
	s->from = from - slot->header;
	if (from < slot->header) {
		from = 0;
		length = slot->header;
		s->is_header = 1;
	}
	s->seq = slot->isn + 1 - slot->header + from;
	s->ack = slot->cookie + 1;
	s->window = slot->window;
	s->length = length;
	return late_write(skb) ? from + length : 0;
}

/* Makes the packet in hand into what is held from `from` on, but for the copies that go before. */
static __always_inline enum reason late_replay_from(struct __sk_buff *skb, struct late_work *work,
						    struct late_slot *slot, __u32 from)
{
	if (from >= late_total(slot))
		return REASON_DROPPED_NOTHING_HELD;
	/* It may be the target's packet that is in hand, and its frame must lead back to us. */
	if (work->egress && !late_turn_frame(skb))
		return REASON_DROPPED_REWRITE_FAILED;
	for (int i = 0; i < LATE_BURST; i++) {
		__u32 next = late_write_held(skb, work, slot, from);
		struct flow *flow;
		int copied;

		if (!next)
			return REASON_DROPPED_REWRITE_FAILED;
		from = next;
		if (from > slot->sent)
			slot->sent = from;
		if (from >= late_total(slot) || i == LATE_BURST - 1)
			break;
		flow = bpf_map_lookup_elem(&flows, &work->client);
		copied = flow ? late_forward_copy(skb, &work->p, flow) : 0;
		if (copied < 0)
			return REASON_DROPPED_REWRITE_FAILED;
		if (!copied)
			break;
	}
	return REASON_NONE;
}

/*
 * The packet in hand becomes what is held from work->from on, and as many copies of it as that
 * takes. Of copies we do not hear what becomes of them: the target's acknowledgements tell. Called
 * by the programs themselves, as late_forward.
 */
__noinline enum reason late_replay(struct __sk_buff *skb)
{
	struct late_work *work = late_work();
	struct late_slot *slot = work ? late_slot(work) : NULL;
	enum reason reason;

	if (!work || !slot) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	reason = late_replay_from(skb, work, slot, work->from);
	late_release(work, slot);
	return reason;
}

/* Nothing is held any more: XDP takes over. */
static __always_inline void late_flow_settle(struct late_work *work)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, &work->client), *reply;

	if (!flow)
		return;
	flow->flags &= ~(FLOW_FLAG_HELD | FLOW_FLAG_ASK);
	reply = flow_peer(&flows, &work->client, flow);
	if (reply)
		reply->flags &= ~(FLOW_FLAG_HELD | FLOW_FLAG_ASK);
}

#endif
