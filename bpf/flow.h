/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Flows: two entries each, keyed by the 5-tuples of the two directions. Each half holds
 * enough to make the other: the other's key is the rewritten tuple turned round, its rewrite is
 * the key turned round. About once a second of traffic a half looks its peer up, which
 * keeps it fresh in the LRU, and makes it anew if it was evicted; in `pending` with every packet.
 *
 * A flow begins in `pending` and moves to `flows` when it has proven itself: TCP with the client's
 * ACK, UDP by living for about a second.
 */
#ifndef SLUICE_FLOW_H
#define SLUICE_FLOW_H

#include "events.h"
#include "latency.h"
#include "packet.h"
#include "stats.h"

#ifndef EEXIST
#define EEXIST 17
#endif

/* Time in epochs of 2^30 ns, about a second: how often a half keeps its peer and asks its route. */
#define EPOCH_SHIFT 30

/* How far from the last acknowledgement the sequence number of a FIN or RST may be, bytes. */
#define END_BEHIND (1u << 16)
#define END_AHEAD  (1u << 23) /* more than what is usually in flight */

/* What a client may have acknowledged of the target's data when we see its first ACK, bytes. */
#define FIRST_ACK_AHEAD (1u << 16)

static __always_inline void flow_peer_key(struct flow_key *peer, const struct flow_key *key,
					  const struct flow *flow)
{
	__builtin_memset(peer, 0, sizeof(*peer));
	peer->src = flow->dst;
	peer->dst = flow->src;
	peer->sport = flow->dport;
	peer->dport = flow->sport;
	peer->protocol = key->protocol;
}

/*
 * The half of either table with that key. What is in neither may have moved from `pending` to
 * `flows` between the two looks, by another CPU, and is looked for once more.
 */
static __always_inline struct flow *flow_find(const struct flow_key *key, bool *is_pending)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, key);

	*is_pending = false;
	if (flow)
		return flow;
	flow = bpf_map_lookup_elem(&pending, key);
	*is_pending = flow;
	return flow ? flow : bpf_map_lookup_elem(&flows, key);
}

/* True when `flow`, found where the peer of `key` belongs, is that peer and not another flow's
 * half. */
static __always_inline bool flow_is_peer_of(const struct flow *flow, const struct flow_key *key)
{
	return flow->sport == key->dport && flow->dport == key->sport &&
	       address_equal(&flow->src, &key->dst) && address_equal(&flow->dst, &key->src);
}

/* The other half of `flow` in `table`, and its key; NULL when it has gone or its tuple is another
 * flow's now. */
static __always_inline struct flow *flow_peer_at(struct flow_key *peer_key, void *table,
						 const struct flow_key *key,
						 const struct flow *flow)
{
	struct flow *peer;

	flow_peer_key(peer_key, key, flow);
	peer = bpf_map_lookup_elem(table, peer_key);
	return peer && flow_is_peer_of(peer, key) ? peer : NULL;
}

static __always_inline struct flow *flow_peer(void *table, const struct flow_key *key,
					      const struct flow *flow)
{
	struct flow_key peer_key;

	return flow_peer_at(&peer_key, table, key, flow);
}

/* Fills `peer` with the other half of `flow`; counters start at zero. */
static __always_inline void flow_mirror(struct flow *peer, const struct flow_key *key,
					const struct flow *flow)
{
	__builtin_memset(peer, 0, sizeof(*peer));
	peer->src = key->dst;
	peer->dst = key->src;
	peer->sport = key->dport;
	peer->dport = key->sport;
	peer->direction = !flow->direction;
	peer->state = flow->state;
	peer->flags = flow->flags & ~FLOW_FLAG_FIN;
	peer->scales = flow->scales;
	peer->seq_delta = -flow->ack_delta;
	peer->ack_delta = -flow->seq_delta;
	peer->proxy = flow->proxy;
	peer->target = flow->target;
	peer->address_delta = ~flow->address_delta;
	peer->port_delta = ~flow->port_delta;
	peer->created_ns = flow->created_ns;
	peer->seen_ns = flow->seen_ns;
}

/*
 * Enters a half that has not seen a packet. The look-up marks it as used: without, a full table
 * would evict it first, before all the old halves that were used once.
 */
static __always_inline long flow_enter(void *table, const struct flow_key *key,
				       const struct flow *flow, __u64 flags)
{
	long error = bpf_map_update_elem(table, key, flow, flags);

	if (!error)
		bpf_map_lookup_elem(table, key);
	return error;
}

/* Looks the peer up, which marks it as used, and makes it anew if it has gone. */
static __always_inline struct flow *flow_keep_peer(void *table, const struct flow_key *key,
						   const struct flow *flow)
{
	struct flow_draft *draft;
	struct flow_key peer_key;
	struct flow *peer;
	__u32 zero = 0;

	flow_peer_key(&peer_key, key, flow);
	peer = bpf_map_lookup_elem(table, &peer_key);
	if (peer)
		return flow_is_peer_of(peer, key) ? peer : NULL;
	draft = bpf_map_lookup_elem(&drafts, &zero);
	if (!draft)
		return NULL;
	flow_mirror(&draft->reply, key, flow);
	bpf_map_update_elem(table, &peer_key, &draft->reply, BPF_NOEXIST);
	return bpf_map_lookup_elem(table, &peer_key);
}

/* True when a number of a TCP stream is near what was acknowledged last, or nothing was yet. */
static __always_inline bool is_near(__be32 number, __be32 acked)
{
	return !acked || bpf_ntohl(number) - bpf_ntohl(acked) + END_BEHIND < END_BEHIND + END_AHEAD;
}

/*
 * True when a FIN or RST has a sequence number near what its receiver has acknowledged last.
 * Without this anyone who can spoof a client's address could end the flow (not the connection: its
 * ends check for themselves, RFC 5961).
 */
static __always_inline bool end_is_plausible(const struct packet *p, const struct flow *peer)
{
	__u32 acked = bpf_ntohl(peer->acked);

	return is_near(p->seq, acked ? bpf_htonl(acked + peer->ack_delta) : 0);
}

/* Follows FIN and RST; rare, so the peer may be looked up. */
static __always_inline void flow_follow_end(const struct packet *p, struct flow *flow)
{
	struct flow *peer = flow_keep_peer(&flows, &p->key, flow);

	if (!peer || !end_is_plausible(p, peer))
		return;
	if (p->tcp_flags & TCP_FIN)
		flow->flags |= FLOW_FLAG_FIN;
	if (p->tcp_flags & TCP_RST || (flow->flags & peer->flags & FLOW_FLAG_FIN)) {
		flow->state = FLOW_STATE_CLOSING;
		peer->state = FLOW_STATE_CLOSING;
	}
}

/* A connection that is refused: the client may try again with the same port at once. */
static __always_inline void pending_follow_end(const struct flow_key *key, struct flow *flow)
{
	struct flow *peer = flow_peer(&pending, key, flow);

	flow->state = FLOW_STATE_CLOSING;
	if (peer)
		peer->state = FLOW_STATE_CLOSING;
}

/*
 * True when a segment acknowledges the SYN or SYN-ACK of the other half, which only who received it
 * can know. If that half was evicted there is nothing to compare with.
 */
static __always_inline bool pending_is_acknowledged(const struct packet *p, const struct flow *flow)
{
	const struct flow *peer = flow_peer(&pending, &p->key, flow);

	if (!peer)
		return true;
	return peer->isn && bpf_ntohl(p->ack) - bpf_ntohl(peer->isn) - 1 < FIRST_ACK_AHEAD;
}

/* Counts what a target says to a client's SYN: its first SYN-ACK, or the RST that comes instead. */
static __always_inline void count_answer(const struct packet *p, const struct flow *flow)
{
	if (flow->direction != FLOW_DIRECTION_REPLY || flow->state != FLOW_STATE_SYN || flow->isn ||
	    !(p->tcp_flags & TCP_ACK))
		return;
	if (p->tcp_flags & TCP_RST) {
		if (pending_is_acknowledged(p, flow))
			count_attempt(flow->target, ATTEMPT_REFUSED);
	} else if (p->tcp_flags & TCP_SYN) {
		count_attempt(flow->target, ATTEMPT_ANSWERED);
		latency_note(flow->target, flow->created_ns);
	}
}

/* Accounts a packet that is about to be forwarded, and follows the TCP state. */
static __always_inline void flow_account(const struct packet *p, struct flow *flow, bool is_pending,
					 __u64 now, __u32 packets, __u32 bytes)
{
	bool keep = (now ^ flow->seen_ns) >> EPOCH_SHIFT;

	flow->seen_ns = now;
	__sync_fetch_and_add(&flow->packets, packets);
	__sync_fetch_and_add(&flow->bytes, bytes);
	count_traffic(flow, packets, bytes);
	if (is_pending)
		count_answer(p, flow);
	if (p->tcp_flags & TCP_ACK && is_near(p->ack, flow->acked))
		flow->acked = p->ack;
	if (p->tcp_flags & TCP_SYN)
		flow->isn = p->seq;
	if (is_pending) {
		if (p->tcp_flags & TCP_RST)
			pending_follow_end(&p->key, flow);
		else /* in a full table a half may live hardly longer than the answer takes */
			flow_keep_peer(&pending, &p->key, flow);
	} else if (p->tcp_flags & (TCP_FIN | TCP_RST)) {
		flow_follow_end(p, flow);
	} else if (keep) {
		flow_keep_peer(&flows, &p->key, flow);
	}
}

/* Removes a half and, if it is there, its peer from `table`. */
static __always_inline void flow_remove_halves(void *table, const struct flow_key *key,
					       const struct flow_key *peer_key,
					       const struct flow *peer)
{
	if (peer)
		bpf_map_delete_elem(table, peer_key);
	bpf_map_delete_elem(table, key);
}

/* Removes both halves from `table`. */
static __always_inline void flow_remove(void *table, const struct flow_key *key,
					const struct flow *flow)
{
	struct flow_key peer_key;
	const struct flow *peer = flow_peer_at(&peer_key, table, key, flow);

	flow_remove_halves(table, key, &peer_key, peer);
}

/*
 * Removes a flow that is over, and tells of it; one that is not closing was evicted. The peer's key
 * is made once, because this lies in the longest chain of stacks, of which there is one for all.
 */
static __always_inline void flow_end(void *table, const struct flow_key *key,
				     const struct flow *flow)
{
	struct flow_key peer_key;
	const struct flow *peer = flow_peer_at(&peer_key, table, key, flow);

	events_tell_end(key, flow, peer, FLOW_END_EVICTED);
	flow_remove_halves(table, key, &peer_key, peer);
}

/* True when a packet shows that its pending flow is more than a flood's. */
static __always_inline bool pending_is_over(const struct packet *p, const struct flow *flow,
					    __u64 now)
{
	if (p->key.protocol == IPPROTO_UDP)
		return (now ^ flow->created_ns) >> EPOCH_SHIFT;
	return (p->tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       pending_is_acknowledged(p, flow);
}

/*
 * Moves a flow from `pending` to `flows`, by either of its halves. Another CPU may be at it with
 * another packet: who comes second changes nothing there, since the half in hand may be another
 * flow's by now. Returns that half there, or NULL if there was no room.
 */
static __always_inline struct flow *flow_establish(const struct flow_key *key, struct flow *flow)
{
	struct flow *peer = flow_peer(&pending, key, flow);
	struct flow_key peer_key;
	long error;

	if (key->protocol == IPPROTO_TCP)
		flow->state = FLOW_STATE_ESTABLISHED;
	if (peer) {
		peer->state = flow->state;
		flow_peer_key(&peer_key, key, flow);
		flow_enter(&flows, &peer_key, peer, BPF_NOEXIST);
	}
	error = bpf_map_update_elem(&flows, key, flow, BPF_NOEXIST);
	if (error)
		return error == -EEXIST ? bpf_map_lookup_elem(&flows, key) : NULL;
	if (!peer)
		flow_keep_peer(&flows, key, flow);
	if (key->protocol == IPPROTO_TCP)
		count_attempt(flow->target, ATTEMPT_ESTABLISHED);
	flow_remove(&pending, key, flow);
	return bpf_map_lookup_elem(&flows, key);
}

#endif
