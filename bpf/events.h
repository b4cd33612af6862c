/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What user space hears of flows: that one was opened, and that it has ended.
 *
 * Who is told of is in `told_flows`, from when it is opened until its end has been told. Its
 * removal from there says who tells: so each that was opened is told to end once, by whichever CPU
 * comes first, and sampled flows are told of whole. The table also remembers what the halves have
 * counted, which the sweep keeps up with; so the end of a flow that was evicted, of which a full
 * table says nothing, can be told within a second, with what it had counted until shortly before.
 *
 * All this is looked at when a flow begins and when it ends, never for the packets in between; and
 * when nobody wants to hear it costs a look at `event_settings`, twice a flow.
 */
#ifndef SLUICE_EVENTS_H
#define SLUICE_EVENTS_H

#include "maps.h"

/* User space sizes it before load; from Linux 6.1 on it takes no memory for entries that are not
 * there (before, a sleepable program must not know of such a table). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100000);
	__type(key, struct flow_key);
	__type(value, struct told_flow);
} told_flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENT_RING_BYTES);
} events SEC(".maps");

/* One entry, written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_settings);
} event_settings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_losses);
} event_losses SEC(".maps");

/* What is wanted, or NULL when nobody wants to hear of flows. */
static __always_inline struct event_settings *events_settings(void)
{
	__u32 zero = 0;
	struct event_settings *settings = bpf_map_lookup_elem(&event_settings, &zero);

	return settings && settings->one_in ? settings : NULL;
}

static __always_inline struct event_losses *events_losses(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&event_losses, &zero);
}

/* Counts an event for which the ring has no room. Atomic, as count_failure. */
static __always_inline void events_count_lost(enum flow_end end)
{
	struct event_losses *losses = events_losses();

	if (losses)
		__sync_fetch_and_add(end ? &losses->closed : &losses->opened, 1);
}

/* What a half and those before it have counted. */
static __always_inline void events_sum(struct traffic *sum, const struct told_half *half)
{
	sum->packets = half->before.packets + half->last.packets;
	sum->bytes = half->before.bytes + half->last.bytes;
}

static __always_inline void events_fill(struct flow_event *event, const struct flow_key *client,
					const struct told_flow *told, enum flow_end end)
{
	event->client = *client;
	event->reply = told->reply;
	event->name = told->name;
	event->opened_ns = told->opened_ns;
	event->seen_ns = told->seen_ns;
	events_sum(&event->forward, &told->forward);
	events_sum(&event->backward, &told->backward);
	event->proxy = told->proxy;
	event->target = told->target;
	event->end = end;
	event->route = told->route;
	event->flags = told->flags;
	__builtin_memset(event->pad, 0, sizeof(event->pad));
}

/*
 * Tells of the end of a flow, unless another CPU does. User space looks at the ring often enough:
 * waking it up would cost more than all the rest.
 */
static __always_inline void events_tell_told(const struct flow_key *client,
					     const struct told_flow *told, enum flow_end end)
{
	struct flow_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		if (!bpf_map_delete_elem(&told_flows, client))
			events_count_lost(end);
		return;
	}
	events_fill(event, client, told, end);
	if (bpf_map_delete_elem(&told_flows, client))
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
	else
		bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

/* A half of a flow: first where it begins, since it is in the other table before it leaves that. */
static __always_inline struct flow *events_find_half(const struct flow_key *key)
{
	struct flow *flow = bpf_map_lookup_elem(&pending, key);

	return flow ? flow : bpf_map_lookup_elem(&flows, key);
}

/*
 * Follows a half; false if it is not there. One that has counted less than before is another: the
 * first was evicted.
 */
static __always_inline bool events_follow_half(struct told_flow *told, struct told_half *half,
					       const struct flow *flow)
{
	if (!flow) {
		told->flags |= FLOW_EVENT_FLAG_INCOMPLETE;
		return false;
	}
	if (flow->packets < half->last.packets) {
		told->flags |= FLOW_EVENT_FLAG_INCOMPLETE;
		half->before.packets += half->last.packets;
		half->before.bytes += half->last.bytes;
	}
	half->last.packets = flow->packets;
	half->last.bytes = flow->bytes;
	if (flow->seen_ns > told->seen_ns)
		told->seen_ns = flow->seen_ns;
	return true;
}

/* How a flow has ended; one that was not closing as `otherwise` says. One half may be missing. */
static __always_inline enum flow_end
events_end_of(const struct flow *forward, const struct flow *backward, enum flow_end otherwise)
{
	const struct flow *half = forward ? forward : backward;
	__u8 fin = FLOW_FLAG_FIN;

	if (!half || half->state != FLOW_STATE_CLOSING)
		return otherwise;
	if (forward)
		fin &= forward->flags;
	if (backward)
		fin &= backward->flags;
	if (fin)
		return FLOW_END_FIN;
	if (backward && backward->packets && !backward->isn && !(forward && forward->acked))
		return FLOW_END_REFUSED;
	return FLOW_END_RST;
}

/*
 * Tells that a flow has ended, if it is told of; before it is removed, or the sweep would take it
 * for evicted. `flow` is the half of `key`, `peer` the other one if it is there. A global function:
 * it is rare, and has a stack of its own.
 */
__noinline int events_tell_end(const struct flow_key *key, const struct flow *flow,
			       const struct flow *peer, enum flow_end otherwise)
{
	const struct flow *forward, *backward;
	struct told_flow *told;
	struct flow_key client;
	bool is_forward;

	if (!key || !flow || !events_settings())
		return 0;
	is_forward = flow->direction == FLOW_DIRECTION_FORWARD;
	forward = is_forward ? flow : peer;
	backward = is_forward ? peer : flow;
	client = *key;
	if (!is_forward) {
		client.src = flow->dst;
		client.dst = flow->src;
		client.sport = flow->dport;
		client.dport = flow->sport;
	}
	told = bpf_map_lookup_elem(&told_flows, &client);
	if (!told)
		return 0;
	events_follow_half(told, &told->forward, forward);
	events_follow_half(told, &told->backward, backward);
	events_tell_told(&client, told, events_end_of(forward, backward, otherwise));
	return 0;
}

static __always_inline void events_draft(struct flow_draft *draft, __u64 name)
{
	struct told_flow *told = &draft->told;

	__builtin_memset(told, 0, sizeof(*told));
	told->reply = draft->reply_key;
	told->name = name;
	told->opened_ns = draft->forward.created_ns;
	told->seen_ns = draft->forward.created_ns;
	told->proxy = draft->forward.proxy;
	told->target = draft->forward.target;
	told->route = name ? FLOW_ROUTE_SNI : draft->route;
}

/*
 * Tells that the flow in the draft was opened. `name`: hash of the name of the SNI route that it
 * has taken, or 0. A global function, as the other.
 */
__noinline int events_tell_opened(__u64 name)
{
	struct event_settings *settings = events_settings();
	struct event_losses *losses;
	struct flow_event *event;
	struct flow_draft *draft;
	struct told_flow *old;
	__u32 zero = 0;

	draft = bpf_map_lookup_elem(&drafts, &zero);
	if (!settings || !draft)
		return 0;
	old = bpf_map_lookup_elem(&told_flows, &draft->key);
	if (old) /* the same tuple was another flow's, which was evicted */
		events_tell_told(&draft->key, old, FLOW_END_EVICTED);
	if (settings->one_in > 1 && bpf_get_prandom_u32() % settings->one_in)
		return 0;
	events_draft(draft, name);
	if (bpf_map_update_elem(&told_flows, &draft->key, &draft->told, BPF_NOEXIST)) {
		losses = events_losses();
		if (losses)
			__sync_fetch_and_add(&losses->flows, 1);
		return 0;
	}
	if (!settings->opened)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		events_count_lost(FLOW_END_NONE);
		return 0;
	}
	events_fill(event, &draft->key, &draft->told, FLOW_END_NONE);
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

#endif
