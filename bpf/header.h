/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Flows whose target gets a header (proxy_protocol.h) before the client's first byte.
 *
 *     client                     Sluice                      target
 *       SYN, n         ->  number less by the header   ->  SYN, n - h
 *       acknowledges n <-  acknowledgement raised      <-  SYN-ACK, acknowledges n - h
 *       ACK            ->  becomes the header          ->  n - h + 1 ... n
 *       n + 1 ...      ->  all else as it is          <->
 *
 * So the header fills the numbers before the client's first byte, and nothing needs translation:
 * once the target has acknowledged it, the flow is like any other. No timers here, either: that the
 * target lacks the header it says itself, by sending its SYN-ACK again, or by an acknowledgement
 * when the client's bytes come before it. To that the header is the answer, once for each packet of
 * the client, so that nothing goes round by itself.
 *
 * What the client sends must not take the header's place. Its packets go to the target only when
 * that has acknowledged the SYN that we know of, and none that begins before the client's first
 * byte.
 */
#ifndef SLUICE_HEADER_H
#define SLUICE_HEADER_H

#include "late_send.h"
#include "late_syn.h"

/* Makes the packet in hand the header. */
static __always_inline enum reason header_send(struct __sk_buff *skb, struct late_work *work,
					       struct flow *flow, __be32 ack, __u16 window)
{
	struct late_segment *s = late_client_segment(work, TCP_ACK | TCP_PSH);

	flow->flags &= ~FLOW_FLAG_ASK;
	work->raise = 0;
	s->seq = bpf_ntohl(flow->isn) + 1;
	s->ack = bpf_ntohl(ack);
	s->window = window;
	s->is_header = 1;
	s->length = proxy_header_length(work->p.family, 0);
	return late_write(skb) ? late_pass_on(work, REASON_FORWARDED_REPLAYED)
			       : REASON_DROPPED_REWRITE_FAILED;
}

/*
 * The client's SYN: number and options become those of the SYN to the target. Data that comes with
 * it would take the header's place, and is left to be sent again.
 */
static __always_inline enum reason header_send_syn(struct __sk_buff *skb, struct late_work *work,
						   struct flow *flow, __u16 window)
{
	__u32 isn = bpf_ntohl(work->p.seq) - proxy_header_length(work->p.family, 0);
	struct late_segment *s;

	/* Another connection begins; its next SYN opens a flow for it. */
	if (flow->isn && flow->isn != bpf_htonl(isn)) {
		flow_end(&pending, &work->client, flow);
		return REASON_DROPPED_NOTHING_HELD;
	}
	if (!late_read_options(skb))
		return REASON_DROPPED_REWRITE_FAILED;
	s = late_client_segment(work, TCP_SYN);
	s->seq = isn;
	s->window = window;
	s->has_options = 1;
	s->options = work->offered;
	return late_write(skb) ? late_pass_on(work, REASON_FORWARDED_NEW_FLOW)
			       : REASON_DROPPED_REWRITE_FAILED;
}

/*
 * Moves the flow to `flows` if the packet in hand acknowledges its target's SYN-ACK, else NULL.
 * Another CPU may have moved it a moment ago.
 */
static __always_inline struct flow *header_establish(struct late_work *work, struct flow *flow)
{
	if (!flow_peer(&pending, &work->client, flow))
		return bpf_map_lookup_elem(&flows, &work->client);
	return pending_is_acknowledged(&work->p, flow) ? flow_establish(&work->client, flow) : NULL;
}

/* A client's packet while its target does not have the header. */
static __always_inline enum reason header_client(struct __sk_buff *skb, struct late_work *work,
						 struct flow *flow, bool is_pending)
{
	__u32 first, offset = work->p.l4 + offsetof(struct tcphdr, window);
	__be16 window;

	if (bpf_skb_load_bytes(skb, offset, &window, sizeof(window)))
		return REASON_DROPPED_REWRITE_FAILED;
	if (is_pending && packet_is_syn(&work->p))
		return header_send_syn(skb, work, flow, bpf_ntohs(window));
	if (work->p.tcp_flags & TCP_RST)
		return late_pass_on(work, REASON_NONE);
	if ((work->p.tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_ACK)
		return REASON_DROPPED_NOTHING_HELD;
	if (is_pending)
		flow = header_establish(work, flow);
	if (!flow || !flow->isn)
		return REASON_DROPPED_NOTHING_HELD;
	first = bpf_ntohl(flow->isn) + 1 + proxy_header_length(work->p.family, 0);
	if ((__s32)(bpf_ntohl(work->p.seq) - first) < 0 ||
	    (!payload_length(&work->p) && !(work->p.tcp_flags & TCP_FIN)))
		return header_send(skb, work, flow, work->p.ack, bpf_ntohs(window));
	flow->flags |= FLOW_FLAG_ASK;
	return late_pass_on(work, REASON_NONE);
}

/*
 * The target has got bytes of the client and not the header before them: it gets the header
 * again, and with it no news of the client's window, which came with those bytes.
 */
static __always_inline enum reason header_again(struct __sk_buff *skb, struct late_work *work,
						struct flow *flow, long *action)
{
	late_account_reply();
	if (!(flow->flags & FLOW_FLAG_ASK))
		return late_keep(action);
	/* It is the target's packet that is in hand, and its frame must lead back to us. */
	if (work->egress && !late_turn_frame(skb))
		return REASON_DROPPED_REWRITE_FAILED;
	return header_send(skb, work, flow, flow->acked, 1);
}

/* A target's packet while it does not have the header. */
static __always_inline enum reason header_target(struct __sk_buff *skb, struct late_work *work,
						 struct flow *flow, bool is_pending, long *action)
{
	__u8 flags = work->p.tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK);
	__u32 length = proxy_header_length(work->p.family, 0);
	__u32 acked = bpf_ntohl(work->p.ack) - bpf_ntohl(flow->isn) - 1;

	if (!flow->isn)
		return REASON_DROPPED_NOTHING_HELD;
	late_note_raise(work, acked, length);
	if (flags & TCP_RST)
		return late_pass_on(work, REASON_NONE);
	if (flags == (TCP_SYN | TCP_ACK)) /* if it is not ours, it is not our client's either */
		return acked ? REASON_DROPPED_NOTHING_HELD : late_pass_on(work, REASON_NONE);
	if (flags != TCP_ACK)
		return REASON_DROPPED_NOTHING_HELD;
	if (is_pending)
		return late_pass_on(work, REASON_NONE);
	if (acked < length && !payload_length(&work->p) && !(work->p.tcp_flags & TCP_FIN))
		return header_again(skb, work, flow, action);
	if (acked - length < END_AHEAD)
		late_flow_settle(work);
	return late_pass_on(work, REASON_NONE);
}

/*
 * A packet of a flow whose target does not have the header; work->client is of the client's
 * packets. REASON_NONE leaves the rest to late_forward.
 */
__noinline enum reason header_packet(struct __sk_buff *skb, __u32 direction, long *action)
{
	struct late_work *work = late_work();
	bool is_pending;
	struct flow *flow;

	if (!work || !action) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	flow = flow_find(&work->client, &is_pending);
	if (!flow)
		return REASON_DROPPED_NOTHING_HELD;
	return direction == FLOW_DIRECTION_FORWARD
		       ? header_client(skb, work, flow, is_pending)
		       : header_target(skb, work, flow, is_pending, action);
}

#endif
