/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The sweep: one walk over the flow tables in the kernel that expires and counts. */
#ifndef SLUICE_SWEEP_H
#define SLUICE_SWEEP_H

#include "late_hold.h"

struct bpf_map;

static __always_inline __u64 sweep_timeout(const struct sweep_args *args, const struct flow *flow)
{
	switch (flow->state) {
	case FLOW_STATE_SYN:
		return args->syn_timeout_ns;
	case FLOW_STATE_ESTABLISHED:
		return args->established_timeout_ns;
	case FLOW_STATE_CLOSING:
		return args->closing_timeout_ns;
	default:
		return args->udp_timeout_ns;
	}
}

static __always_inline bool sweep_is_idle(const struct sweep_args *args, const struct flow *flow)
{
	/* seen_ns may be newer than now_ns: packets go on while we walk. */
	__s64 idle_ns = args->now_ns - flow->seen_ns;

	return idle_ns > 0 && (__u64)idle_ns > sweep_timeout(args, flow);
}

/* True when a target's time to answer was up at `now_ns`. */
static __always_inline bool sweep_is_overdue(const struct sweep_args *args, const struct flow *flow,
					     __u64 now_ns)
{
	return (__s64)(now_ns - flow->created_ns - args->answer_timeout_ns) >= 0;
}

/*
 * True for a reply half whose target has not answered a SYN. Each is judged by one sweep: the first
 * one after its time is up.
 */
static __always_inline bool sweep_is_due(const struct sweep_args *args, const struct flow *flow)
{
	if (flow->direction != FLOW_DIRECTION_REPLY || flow->state != FLOW_STATE_SYN || flow->isn ||
	    !args->last_ns)
		return false;
	return sweep_is_overdue(args, flow, args->now_ns) &&
	       !sweep_is_overdue(args, flow, args->last_ns);
}

/* Counts the SYN. One that never left this host, because no route was found, is not the target's
 * fault. */
static __always_inline void sweep_judge(const struct flow *reply, const struct flow *client)
{
	if (client && client->packets)
		count_attempt(reply->target, ATTEMPT_UNANSWERED);
}

/*
 * A flow is idle when both directions are; each half is removed at its own visit. A reply half is
 * judged at its own, or when its client's half goes before that.
 */
static long sweep_flow(struct bpf_map *map, struct flow_key *key, struct flow *flow,
		       struct sweep_args *args)
{
	if (sweep_is_due(args, flow))
		sweep_judge(flow, flow_peer(map, key, flow));
	if (sweep_is_idle(args, flow)) {
		struct flow *peer = flow_peer(map, key, flow);

		if (!peer || sweep_is_idle(args, peer)) {
			struct flow_key copy = *key; /* a global function might write to it */

			if (peer && peer != flow && sweep_is_due(args, peer))
				sweep_judge(peer, flow);
			events_tell_end(&copy, flow, peer, FLOW_END_TIMEOUT);
			bpf_map_delete_elem(map, key);
			args->expired++;
			return 0;
		}
	}
	if (flow->direction == FLOW_DIRECTION_FORWARD && flow->state != FLOW_STATE_CLOSING) {
		__u32 target = flow->target;
		__u64 *active = bpf_map_lookup_elem(&target_active, &target);

		if (active)
			(*active)++;
		args->active++;
	}
	return 0;
}

/* What the end of a connection's patience leaves behind, so that its client hears of it. */
#define LATE_GRAVE_NS (64ull << EPOCH_SHIFT)

/*
 * Lets go of the bytes of connections that did not get to their target in time: their slot gets
 * another turn, and the entry that has the old one tells late.h to answer with a RST.
 */
static long sweep_late(struct bpf_map *map, struct flow_key *key, struct late_entry *entry,
		       struct sweep_args *args)
{
	__u32 index = entry->slot;
	struct late_slot *slot = bpf_map_lookup_elem(&late_slots, &index);
	__s64 age_ns = args->now_ns - entry->since_ns;

	if (age_ns <= (__s64)args->syn_timeout_ns)
		return 0;
	if (slot && slot->turn == entry->turn && slot->state && !slot->busy) {
		slot->turn++;
		slot->state = LATE_STATE_FREE;
	}
	if (age_ns > (__s64)(args->syn_timeout_ns + LATE_GRAVE_NS))
		bpf_map_delete_elem(map, key);
	return 0;
}

/* Follows a flow that is told of, and tells when neither half is there any more. */
static long sweep_told(struct bpf_map *map, struct flow_key *key, struct told_flow *told, void *ctx)
{
	struct flow_key client = *key, reply = told->reply;
	bool forward = events_follow_half(told, &told->forward, events_find_half(&client));
	bool backward = events_follow_half(told, &told->backward, events_find_half(&reply));

	if (!forward && !backward)
		events_tell_told(&client, told, FLOW_END_EVICTED);
	return 0;
}

static long sweep_clear(struct bpf_map *map, __u32 *key, __u64 *active, void *ctx)
{
	*active = 0;
	return 0;
}

#endif
