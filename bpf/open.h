/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Opening a flow: choose a target, and a source port for it in snat mode; enter both halves. */
#ifndef SLUICE_OPEN_H
#define SLUICE_OPEN_H

#include "flow.h"
#include "rate.h"
#include "select.h"

#define TARGET_TRIES	4 /* when another flow has the same tuple towards the chosen target */
#define SNAT_PORT_TRIES 32

/* Source ports of snat mode: a range that the host does not use itself. Set before load. */
const volatile __u16 snat_port_min = 1024;
const volatile __u16 snat_port_count = 31744;

/*
 * True when no living flow uses `reply_key`. What is left there of a closing flow, or of an older
 * life of this same flow, is removed; with `steal` also a connection that is still half open.
 */
static __always_inline bool reply_key_is_free(void *table, const struct flow_key *key,
					      const struct flow_key *reply_key, bool steal)
{
	struct flow *old = bpf_map_lookup_elem(table, reply_key);

	if (!old)
		return true;
	if (old->state != FLOW_STATE_CLOSING && !(steal && old->state == FLOW_STATE_SYN) &&
	    !flow_is_peer_of(old, key))
		return false;
	flow_end(table, reply_key, old);
	return true;
}

static __always_inline void draft_flow(struct flow_draft *draft, const struct packet *p,
				       const struct target *target, __u32 target_id, bool snat,
				       __u64 now)
{
	struct flow *forward = &draft->forward;

	__builtin_memset(forward, 0, sizeof(*forward));
	forward->src = snat ? target->snat_address : p->key.src;
	forward->dst = target->address;
	forward->sport = p->key.sport;
	forward->dport = target->port;
	forward->direction = FLOW_DIRECTION_FORWARD;
	forward->state = p->key.protocol == IPPROTO_TCP ? FLOW_STATE_SYN : FLOW_STATE_UDP;
	forward->flags = (snat ? FLOW_FLAG_SNAT : 0) |
			 (target->flags & TARGET_FLAG_LOCAL ? FLOW_FLAG_LOCAL : 0);
	forward->proxy = target->proxy;
	forward->target = target_id;
	/* Compared with the coarse clock for UDP. */
	forward->created_ns = p->key.protocol == IPPROTO_TCP ? bpf_ktime_get_ns() : now;
	forward->seen_ns = now;
}

/* Computes what follows from the rewritten tuple: checksum differences and the reply half. */
static __always_inline void draft_reply(struct flow_draft *draft)
{
	const struct flow_key *key = &draft->key;
	struct flow *forward = &draft->forward;

	/* src and dst lie side by side in both structs, and so do the ports. */
	forward->address_delta =
		bpf_csum_diff((__be32 *)&key->src, 32, (__be32 *)&forward->src, 32, 0);
	forward->port_delta =
		bpf_csum_diff((__be32 *)&key->sport, 4, (__be32 *)&forward->sport, 4, 0);
	flow_peer_key(&draft->reply_key, key, forward);
	flow_mirror(&draft->reply, key, forward);
}

/*
 * Computes what follows from the draft's rewritten tuple and makes place for its reply half.
 * Returns REASON_NONE, or why there is none. A global function: the verifier looks at it once, not
 * once for every target and port that may be tried. Apart from enter_draft, because the stacks of
 * those that call each other add up.
 */
__noinline enum reason free_draft(bool steal)
{
	struct flow_draft *draft;
	__u32 zero = 0;

	draft = bpf_map_lookup_elem(&drafts, &zero);
	if (!draft)
		return REASON_DROPPED_TABLE_FULL;
	draft_reply(draft);
	if (!reply_key_is_free(&pending, &draft->key, &draft->reply_key, steal) ||
	    !reply_key_is_free(&flows, &draft->key, &draft->reply_key, false))
		return REASON_DROPPED_TUPLE_CONFLICT;
	return REASON_NONE;
}

/* Enters the draft, for whose reply half there is place. A global function, as the other. */
__noinline enum reason enter_draft(void)
{
	struct flow_draft *draft;
	__u32 zero = 0;
	long error;

	draft = bpf_map_lookup_elem(&drafts, &zero);
	if (!draft)
		return REASON_DROPPED_TABLE_FULL;
	error = flow_enter(&pending, &draft->reply_key, &draft->reply, BPF_NOEXIST);
	if (error == -EEXIST)
		return REASON_DROPPED_TUPLE_CONFLICT;
	if (error)
		return REASON_DROPPED_TABLE_FULL;
	error = bpf_map_update_elem(&pending, &draft->key, &draft->forward, BPF_NOEXIST);
	if (error)
		bpf_map_delete_elem(&pending, &draft->reply_key);
	/* Another CPU has opened the same flow a moment ago: its entries stand. */
	if (error == -EEXIST)
		return REASON_FORWARDED_ESTABLISHED;
	return error ? REASON_DROPPED_TABLE_FULL : REASON_FORWARDED_NEW_FLOW;
}

/* Enters the draft if its reply tuple is free or, with `steal`, a half-open connection's. */
static __always_inline enum reason try_draft(bool steal)
{
	enum reason reason = free_draft(steal);

	return reason == REASON_NONE ? enter_draft() : reason;
}

/*
 * Tries source ports from a random one on until a tuple is free. Towards the end half-open
 * connections lose theirs: a flood of SYNs must not use up the ports.
 */
static __always_inline enum reason enter_snat_draft(struct flow_draft *draft)
{
	__u32 start = bpf_get_prandom_u32();
	enum reason reason = REASON_DROPPED_NO_SNAT_PORT;

	for (int i = 0; i < SNAT_PORT_TRIES; i++) {
		__u32 port = snat_port_min + (start + i) % snat_port_count;

		draft->forward.sport = bpf_htons(port);
		reason = try_draft(i >= SNAT_PORT_TRIES / 2);
		if (reason != REASON_DROPPED_TUPLE_CONFLICT)
			return reason;
	}
	return REASON_DROPPED_NO_SNAT_PORT;
}

/*
 * Drafts a flow for a new client and picks its first slot, for open_flow. Returns REASON_NONE or
 * why it is dropped. Two functions, because the stacks of those that call each other add up.
 */
__noinline enum reason open_select(const struct packet *p, const struct listener *listener)
{
	struct source_route *route;
	struct flow_draft *draft;
	__u32 zero = 0;

	if (!p || !listener) /* the verifier wants to see it */
		return REASON_DROPPED_NO_TARGET;
	draft = bpf_map_lookup_elem(&drafts, &zero);
	if (!draft)
		return REASON_DROPPED_TABLE_FULL;
	/* Before Linux 6.2 a map takes no key by a pointer argument of a global function. */
	draft->key = p->key;
	route = select_source_route(listener, &draft->key.src);
	draft->route = route ? FLOW_ROUTE_SOURCE : FLOW_ROUTE_DEFAULT;
	if (!select_slot(route ? route->pool : listener->pool, &draft->key, &draft->run))
		return REASON_DROPPED_NO_TARGET;
	return rate_find_target(&draft->run) ? REASON_NONE : REASON_DROPPED_RATE_LIMITED_TARGET;
}

/*
 * Opens the flow that open_select has drafted. Returns REASON_FORWARDED_NEW_FLOW or why it was
 * dropped. A global function: the verifier looks at it once, not once for every way that leads
 * here.
 */
__noinline enum reason open_flow(const struct packet *p, const struct listener *listener, __u64 now)
{
	struct flow_draft *draft;
	enum reason reason = REASON_DROPPED_NO_TARGET;
	__u32 zero = 0;

	if (!p || !listener) /* the verifier wants to see it */
		return REASON_DROPPED_NO_TARGET;
	draft = bpf_map_lookup_elem(&drafts, &zero);
	if (!draft)
		return REASON_DROPPED_TABLE_FULL;
	for (int i = 0; i < TARGET_TRIES; i++) {
		__s64 chosen = select_target(&draft->run, i);
		__u32 id = chosen;
		struct target *target = chosen < 0 ? NULL : bpf_map_lookup_elem(&targets, &id);
		bool snat;

		if (!target)
			return REASON_DROPPED_NO_TARGET;
		if (i && !rate_target_takes(id, target, now)) {
			reason = REASON_DROPPED_RATE_LIMITED_TARGET;
			continue;
		}
		snat = (listener->flags & LISTENER_FLAG_SNAT) &&
		       !(target->flags & TARGET_FLAG_LOCAL);
		if (snat && address_is_zero(&target->snat_address))
			return REASON_DROPPED_NO_ROUTE;
		draft_flow(draft, p, target, id, snat, now);
		if (listener->flags & LISTENER_FLAG_LATE)
			draft->forward.flags |= FLOW_FLAG_LATE | FLOW_FLAG_HELD;
		if (target->flags & TARGET_FLAG_PROXY_HEADER && p->key.protocol == IPPROTO_TCP)
			draft->forward.flags |= FLOW_FLAG_HEADER | FLOW_FLAG_HELD;
		reason = snat ? enter_snat_draft(draft) : try_draft(false);
		if (reason == REASON_FORWARDED_NEW_FLOW)
			count_flow(id);
		if (reason != REASON_DROPPED_TUPLE_CONFLICT)
			return reason;
	}
	return reason;
}

#endif
