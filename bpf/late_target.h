/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Late binding, the target's side: its packets while bytes are held for it. */
#ifndef SLUICE_LATE_TARGET_H
#define SLUICE_LATE_TARGET_H

#include "header.h"
#include "late_syn.h"

/* Gives the slot back, unless late_replay is to do it. */
static __always_inline void late_release_unless(const struct late_work *work,
						struct late_slot *slot, enum reason reason)
{
	if (reason != REASON_NONE || !work->replays)
		late_release(work, slot);
}

/* The target has answered: from here on the flow is an established one that translates. */
static __always_inline bool late_target_answers(struct __sk_buff *skb, struct late_work *work,
						struct late_slot *slot, struct flow *reply)
{
	__u32 delta = bpf_ntohl(work->p.seq) - slot->cookie;
	__u16 most = work->p.family == AF_INET ? MSS_V4 : MSS_V6;
	struct flow *flow;

	flow = bpf_map_lookup_elem(&pending, &work->client);
	if (!flow)
		return false;
	if (!late_read_options(skb))
		return false;
	slot->mss = work->offered.mss < most ? work->offered.mss : most;
	flow->ack_delta = delta;
	flow->scales = slot->scale == NO_SCALE		 ? NO_SCALES
		       : work->offered.scale == NO_SCALE ? slot->scale << 4
							 : work->offered.scale;
	reply->seq_delta = -delta;
	reply->scales = flow->scales;
	slot->state = LATE_STATE_REPLAY;
	return flow_establish(&work->client, flow);
}

/* How much of what is held for it the target has acknowledged with the packet in hand. */
static __always_inline __u32 late_acked(const struct late_work *work, const struct late_slot *slot)
{
	return bpf_ntohl(work->p.ack) - (slot->isn - slot->header) - 1;
}

/* The target refuses: the client is to see it, at the sequence number that it expects. */
static __always_inline enum reason late_target_resets(struct __sk_buff *skb, struct late_work *work,
						      struct late_slot *slot, struct flow *reply,
						      long *action)
{
	if (slot->state == LATE_STATE_SYN) {
		if (late_acked(work, slot))
			return REASON_DROPPED_NOTHING_HELD;
		reply->seq_delta = slot->cookie + 1 - bpf_ntohl(work->p.seq);
		late_end(work, slot);
	}
	return late_pass_on(work, REASON_NONE);
}

/*
 * A target's acknowledgement that does not cover all that is held, or does. With the same number
 * again it says that bytes have come behind a gap (RFC 5681, 2): it gets what it lacks, once for
 * each number and each packet of the client, so that nothing goes round by itself.
 */
static __always_inline enum reason late_target_acknowledges(struct __sk_buff *skb,
							    struct late_work *work,
							    struct late_slot *slot, long *action)
{
	__u32 acked = late_acked(work, slot), total = late_total(slot);
	bool again = acked == slot->acked;

	if (acked <= total && acked > slot->acked) {
		slot->acked = acked;
		slot->asks = true;
	}
	if (slot->acked == total || acked - total < END_AHEAD) {
		late_flow_settle(work);
		late_end(work, slot);
		return late_pass_on(work, REASON_NONE);
	}
	if (payload_length(&work->p) || work->p.tcp_flags & TCP_FIN)
		return late_pass_on(work, REASON_NONE);
	late_account_reply();
	if (slot->sent < total)
		return late_pass_replay(work, slot->sent);
	return again && slot->asks ? late_pass_rest(work, slot, false) : late_keep(action);
}

/* A target's packet while bytes are held for it. */
static __noinline enum reason late_target_held(struct __sk_buff *skb, struct late_work *work,
					       struct late_slot *slot, struct flow *reply,
					       long *action)
{
	const __u8 flags = work->p.tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK);
	bool known = !late_acked(work, slot);

	late_note_raise(work, late_acked(work, slot), slot->header);
	if (flags & TCP_RST)
		return late_target_resets(skb, work, slot, reply, action);
	if (flags == (TCP_SYN | TCP_ACK) && known) {
		late_account_reply();
		if (slot->state == LATE_STATE_SYN && !late_target_answers(skb, work, slot, reply))
			return REASON_DROPPED_TABLE_FULL;
		/* Again: our answer was lost. */
		return late_pass_rest(work, slot, true);
	}
	if (flags != TCP_ACK || slot->state != LATE_STATE_REPLAY)
		return REASON_DROPPED_NOTHING_HELD;
	return late_target_acknowledges(skb, work, slot, action);
}

static __always_inline enum reason late_target(struct __sk_buff *skb, struct late_work *work,
					       struct flow *reply, long *action)
{
	struct late_entry *entry = bpf_map_lookup_elem(&late, &work->client);
	struct late_slot *slot = entry ? late_slot_of(work, entry) : NULL;
	enum reason reason;

	if (!slot)
		return REASON_DROPPED_NOTHING_HELD;
	if (!late_acquire(work, slot))
		return REASON_DROPPED_BUSY;
	reason = late_target_held(skb, work, slot, reply, action);
	late_release_unless(work, slot, reason);
	return reason;
}

#endif
