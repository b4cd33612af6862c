/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Late binding: connections whose target is chosen by the name in the ClientHello. Those whose
 * target is chosen at once, and only gets a header, are header.h's.
 *
 *     client                     Sluice                      target
 *       SYN            ->  answered by a cookie, nothing kept
 *       ACK            ->  proves the cookie, nothing kept
 *       data           ->  held and acknowledged, until the name is read;
 *                          the segment in hand becomes    ->  SYN
 *                          its answer becomes             <-  SYN-ACK
 *                          the held bytes                 ->  data
 *                          acknowledged: nothing held     <-  ACK
 *       all else      <->  translated (translate.h), at XDP too       <->
 *
 * There are no timers: what is lost is sent again when the client, who has not had its last segment
 * acknowledged, sends that again, or when the target tells of a gap. So nothing goes round and
 * round, and a silent target is given up when the client does, or the sweep.
 */
#ifndef SLUICE_LATE_H
#define SLUICE_LATE_H

#include "late_target.h"

/* Ends a connection of which we can keep no promise: its packet becomes a RST to its sender. */
static __always_inline enum reason late_reset(struct __sk_buff *skb, struct late_work *work,
					      long *action)
{
	struct late_segment *s = late_answer_segment(work, TCP_RST | TCP_ACK);
	bool fin = work->p.tcp_flags & TCP_FIN;

	s->seq = bpf_ntohl(work->p.ack);
	s->ack = bpf_ntohl(work->p.seq) + payload_length(&work->p) + fin;
	return late_answer(skb, work, REASON_FORWARDED_RESET, action);
}

/* Acknowledges what is held: the client goes on sending. */
static __always_inline enum reason late_acknowledge(struct __sk_buff *skb, struct late_work *work,
						    struct late_slot *slot, long *action)
{
	struct late_segment *s = late_answer_segment(work, TCP_ACK);
	__u32 room = LATE_BYTES - slot->end;

	s->seq = slot->cookie + 1;
	s->ack = slot->isn + 1 + slot->end;
	s->window = slot->scale == NO_SCALE ? room : room >> LATE_SCALE;
	return late_answer(skb, work, REASON_FORWARDED_HELD, action);
}

/* Bytes of the header that the target of a flow that was just opened gets. */
static __always_inline __u16 late_header_length(struct late_work *work, struct late_slot *slot)
{
	struct flow *flow = bpf_map_lookup_elem(&pending, &work->client);

	if (!flow || !(flow->flags & FLOW_FLAG_HEADER))
		return 0;
	return proxy_header_length(work->p.family,
				   slot->hello.verdict == HELLO_NAME ? slot->hello.name_bytes : 0);
}

/* The name is known, or that there is none: opens the flow and asks its target. */
static __always_inline enum reason late_bind(struct __sk_buff *skb, struct late_work *work,
					     struct late_slot *slot, long *action)
{
	enum reason reason;
	__u64 name;

	work->listener.pool =
		select_pool_by_name(&work->listener, &slot->hello, work->p.family, &name);
	work->listener.flags &= ~LISTENER_FLAG_SOURCE_ROUTES;
	work->listener.flags |= LISTENER_FLAG_LATE;
	reason = open_within_limits(&work->p, &work->listener, bpf_ktime_get_coarse_ns());
	if (reason != REASON_FORWARDED_NEW_FLOW && reason != REASON_FORWARDED_ESTABLISHED)
		return reason;
	if (reason == REASON_FORWARDED_NEW_FLOW)
		events_tell_opened(name);
	slot->state = LATE_STATE_SYN;
	slot->header = late_header_length(work, slot);
	return late_send_syn(skb, work, slot);
}

/* Adds a segment to what is held; the one that completes the name becomes the SYN. */
static __always_inline enum reason late_collect(struct __sk_buff *skb, struct late_work *work,
						struct late_slot *slot, long *action)
{
	__u32 end = late_offset(work, slot) + payload_length(&work->p);

	if (!late_hold(skb))
		return REASON_DROPPED_OUT_OF_ROOM;
	late_read_hello(work, slot);
	/* What cannot become a name any more: there is no room, or the client has ended. */
	if (slot->end == LATE_BYTES || (work->p.tcp_flags & TCP_FIN && end == slot->end)) {
		if (slot->hello.verdict == HELLO_MORE)
			hello_fail(&slot->hello);
	}
	if (slot->hello.verdict == HELLO_MORE)
		return late_acknowledge(skb, work, slot, action);
	return late_bind(skb, work, slot, action);
}

/* A client's segment while its target has not yet answered. */
static __always_inline enum reason late_wait(struct __sk_buff *skb, struct late_work *work,
					     struct late_slot *slot, long *action)
{
	__u32 length = payload_length(&work->p), end = slot->end;

	if (!length)
		return late_keep(action);
	if (!late_hold(skb))
		return REASON_DROPPED_OUT_OF_ROOM;
	/* New bytes are kept; old ones come because nobody answers: the target is asked again. */
	return slot->end > end ? late_keep(action) : late_send_syn(skb, work, slot);
}

/* The window that a segment in hand tells. */
static __always_inline bool late_learn_window(struct __sk_buff *skb, const struct late_work *work,
					      struct late_slot *slot)
{
	__be16 window;

	if (bpf_skb_load_bytes(skb, work->p.l4 + offsetof(struct tcphdr, window), &window,
			       sizeof(window)))
		return false;
	slot->window = bpf_ntohs(window);
	return true;
}

/*
 * Whether a RST is the client's: nobody else knows which byte is expected next. Once there is a
 * target it is the one to judge.
 */
static __always_inline bool late_believes_reset(const struct late_work *work,
						const struct late_slot *slot)
{
	return slot->state == LATE_STATE_REPLAY || late_offset(work, slot) == slot->end;
}

/* The client gives up. */
static __always_inline enum reason late_client_resets(struct late_work *work,
						      struct late_slot *slot, long *action)
{
	enum late_state state = slot->state;

	if (state == LATE_STATE_REPLAY)
		return late_pass_on(work, REASON_NONE);
	late_end(work, slot);
	return state == LATE_STATE_SYN ? late_pass_on(work, REASON_NONE) : late_keep(action);
}

/* A client's packet of a connection that has a slot. */
static __noinline enum reason late_client_held(struct __sk_buff *skb, struct late_work *work,
					       struct late_slot *slot, long *action)
{
	bool resets = work->p.tcp_flags & TCP_RST;

	if (resets && late_believes_reset(work, slot))
		return late_client_resets(work, slot, action);
	/* A keep-alive; or a RST at another number, whose sender is asked again (RFC 5961, 3.2). */
	if (slot->state == LATE_STATE_COLLECT && (resets || late_offset(work, slot) == (__u32)-1))
		return late_acknowledge(skb, work, slot, action);
	if (resets)
		return late_keep(action);
	if (!late_learn_window(skb, work, slot))
		return REASON_DROPPED_REWRITE_FAILED;
	switch (slot->state) {
	case LATE_STATE_COLLECT:
		return payload_length(&work->p) || work->p.tcp_flags & TCP_FIN
			       ? late_collect(skb, work, slot, action)
			       : late_keep(action);
	case LATE_STATE_SYN:
		return late_wait(skb, work, slot, action);
	default:
		/* Bytes that are held, or that would take the place of a header before them. */
		if (payload_length(&work->p) && (__s32)(late_offset(work, slot) - slot->end) < 0)
			return late_pass_rest(work, slot, true);
		return late_pass_on(work, REASON_NONE);
	}
}

/* A client's packet of a connection that is held; one CPU at a time. */
static __always_inline enum reason late_client_locked(struct __sk_buff *skb, struct late_work *work,
						      struct late_slot *slot, long *action)
{
	enum reason reason;

	if (!late_acquire(work, slot))
		return REASON_DROPPED_BUSY;
	reason = late_client_held(skb, work, slot, action);
	late_release_unless(work, slot, reason);
	return reason;
}

/*
 * A packet of a client whose first bytes are not here: it waits for them, unless it is a keep-alive
 * before the first byte (RFC 9293, 3.8.4), which carries the number of the SYN and is answered.
 */
static __always_inline enum reason late_not_first(struct __sk_buff *skb, struct late_work *work,
						  __u32 cookie, long *action)
{
	__u32 isn = bpf_ntohl(work->p.seq);
	struct late_segment *s;

	if (payload_length(&work->p) || cookie_prove(&work->client, isn, cookie) != PROOF_WHOLE)
		return REASON_DROPPED_NOTHING_HELD;
	s = late_answer_segment(work, TCP_ACK);
	s->seq = cookie + 1;
	s->ack = isn + 1;
	cookie_read_options(&s->options, cookie);
	s->window = s->options.scale == NO_SCALE ? LATE_BYTES : LATE_BYTES >> LATE_SCALE;
	return late_answer(skb, work, REASON_FORWARDED_HELD, action);
}

/*
 * A client's first bytes, or what only looks like it. If they prove their cookie, `earlier`, the
 * slot of a connection with the same addresses and ports, is over.
 */
static __always_inline enum reason late_client_first(struct __sk_buff *skb, struct late_work *work,
						     struct late_slot *earlier, __u64 now,
						     long *action)
{
	__u32 isn = bpf_ntohl(work->p.seq) - 1, cookie = bpf_ntohl(work->p.ack) - 1;
	struct late_slot *slot;

	if ((work->p.tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) != TCP_ACK)
		return REASON_PASSED_NO_FLOW;
	switch (cookie_prove(&work->client, isn, cookie)) {
	case PROOF_NONE:
		return REASON_PASSED_NO_FLOW;
	case PROOF_TUPLE:
		return late_not_first(skb, work, cookie, action);
	default:
		break;
	}
	if (!payload_length(&work->p))
		return work->p.tcp_flags & TCP_FIN ? late_reset(skb, work, action)
						   : late_keep(action);
	if (earlier)
		earlier->state = LATE_STATE_FREE;
	slot = late_begin(work, isn, cookie, now);
	return slot ? late_client_locked(skb, work, slot, action) : REASON_DROPPED_TABLE_FULL;
}

/* True when the packet in hand is of the connection in the slot, and not of a later one. */
static __always_inline bool late_is_of(const struct late_work *work, const struct late_slot *slot)
{
	return late_offset(work, slot) + 1 <= LATE_BYTES + 1 || slot->state == LATE_STATE_REPLAY;
}

/* A packet to a listener whose connections are bound late. */
static __always_inline enum reason late_client(struct __sk_buff *skb, struct late_work *work,
					       __u64 now, long *action)
{
	struct late_entry *entry;
	struct late_slot *slot;

	if (packet_is_syn(&work->p))
		return late_answer_syn(skb, action);
	entry = bpf_map_lookup_elem(&late, &work->client);
	slot = entry ? late_slot_of(work, entry) : NULL;
	if (slot && late_is_of(work, slot))
		return late_client_locked(skb, work, slot, action);
	if (slot || !entry)
		return late_client_first(skb, work, slot, now, action);
	bpf_map_delete_elem(&late, &work->client); /* its slot was taken from it */
	return work->p.tcp_flags & TCP_RST ? REASON_PASSED_NO_FLOW : late_reset(skb, work, action);
}

/* The flow of the packet in hand, if bytes are held for it. */
static __always_inline struct flow *late_find_flow(struct late_work *work)
{
	bool is_pending;
	struct flow *flow = flow_find(&work->p.key, &is_pending);

	return flow && flow->flags & FLOW_FLAG_HELD ? flow : NULL;
}

static __always_inline bool late_find_listener(struct late_work *work)
{
	struct listener_key key = {
		.address = work->client.dst,
		.port = work->client.dport,
		.protocol = work->client.protocol,
	};
	struct listener *listener = bpf_map_lookup_elem(&listeners, &key);

	if (listener)
		work->listener = *listener;
	return listener;
}

/*
 * The packet that was set aside: of a client that has no target yet, or of a flow for which bytes
 * are held. REASON_NONE leaves the rest to late_forward.
 */
__noinline enum reason late_packet(struct __sk_buff *skb, long *action)
{
	struct late_work *work = late_work();
	struct flow *flow;

	if (!action || !work) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	work->client = work->p.key;
	if (work->p.fragment)
		return REASON_DROPPED_NOTHING_HELD;
	if (work->p.l4 - work->p.l3 != ip_size_of(&work->p))
		return REASON_PASSED_EXTENSION_HEADERS;
	flow = late_find_flow(work);
	if (flow && flow->direction == FLOW_DIRECTION_REPLY)
		flow_peer_key(&work->client, &work->p.key, flow);
	else if (work->egress) /* a client's: only replies are ours there */
		return REASON_PASSED_NO_LISTENER;
	if (flow && !(flow->flags & FLOW_FLAG_LATE))
		return header_packet(skb, flow->direction, action);
	if (flow && flow->direction == FLOW_DIRECTION_REPLY)
		return late_target(skb, work, flow, action);
	if (!late_find_listener(work))
		return REASON_PASSED_NO_LISTENER;
	return late_client(skb, work, bpf_ktime_get_coarse_ns(), action);
}

#endif
