/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* From a listener to a target: source route, pool, slot. */
#ifndef SLUICE_SELECT_H
#define SLUICE_SELECT_H

#include "hash.h"
#include "maps.h"
#include "packet.h"

#define SOURCE_ROUTE_FULL_PREFIX (8 * (sizeof(__u32) + sizeof(struct address)))

/* The most specific source route for a client, or NULL. */
static __always_inline struct source_route *select_source_route(const struct listener *listener,
								const struct address *client)
{
	struct source_route_key key = {
		.prefix_len = SOURCE_ROUTE_FULL_PREFIX,
		.proxy = listener->proxy,
		.address = *client,
	};

	if (!(listener->flags & LISTENER_FLAG_SOURCE_ROUTES))
		return NULL;
	return bpf_map_lookup_elem(&source_routes, &key);
}

/*
 * The pool of the name that a client asks for, itself or as `*.its.domain`, and which of the two;
 * else the listener's, and 0.
 */
static __always_inline __u32 select_pool_by_name(const struct listener *listener,
						 const struct hello *hello, __u8 family,
						 __u64 *name)
{
	struct sni_route_key key = {
		.name = hello->name_hash,
		.proxy = listener->proxy,
		.family = family,
	};
	struct sni_route *route;

	*name = 0;
	if (hello->verdict != HELLO_NAME)
		return listener->pool;
	route = bpf_map_lookup_elem(&sni_routes, &key);
	if (!route && hello->wildcard_hash) {
		key.name = hello->wildcard_hash;
		route = bpf_map_lookup_elem(&sni_routes, &key);
	}
	if (!route)
		return listener->pool;
	*name = key.name;
	return route->pool;
}

/*
 * Counts a connection of a pool and gives the number of those before it. By a lock, because arm64
 * has no addition that tells what was there before Linux 5.18.
 */
static __always_inline __u64 take_turn(__u32 pool_id)
{
	struct pool_turns *turns = bpf_map_lookup_elem(&pool_turns, &pool_id);
	__u64 turn;

	if (!turns)
		return 0;
	bpf_spin_lock(&turns->lock);
	turn = turns->taken++;
	bpf_spin_unlock(&turns->lock);
	return turn;
}

/* The number by whose remainder a connection finds its slot. */
static __always_inline __u64 slot_number(__u32 pool_id, __u32 algorithm, const struct flow_key *key)
{
	switch (algorithm) {
	case POOL_ALGORITHM_SOURCE_HASH:
		return hash_bytes(&key->src, sizeof(key->src));
	case POOL_ALGORITHM_MAGLEV:
		return hash_bytes(key, sizeof(*key));
	case POOL_ALGORITHM_ROUND_ROBIN:
		return take_turn(pool_id);
	default:
		return bpf_get_prandom_u32();
	}
}

/*
 * Picks a connection's first slot; false if the pool is empty. The slots are filled in proportion
 * to the weights, so a new connection costs the same for 2 targets or 2,000.
 */
static __always_inline bool select_slot(__u32 pool_id, const struct flow_key *key,
					struct slot_run *run)
{
	struct pool *entry = bpf_map_lookup_elem(&pools, &pool_id);
	struct pool pool;

	if (!entry)
		return false;
	/* One load: user space may be moving the pool to other slots right now. */
	*(__u64 *)&pool = *(volatile __u64 *)entry;
	run->base = pool.slot_base;
	run->count = pool.shape & ((1u << POOL_SHAPE_SLOT_BITS) - 1);
	if (!run->count)
		return false;
	run->first = slot_number(pool_id, pool.shape >> POOL_SHAPE_SLOT_BITS, key) % run->count;
	return true;
}

/* The id of the target in the slot that is `tries` behind the first one, or -1. */
static __always_inline __s64 select_target(const struct slot_run *run, __u32 tries)
{
	__u32 slot = run->base + (run->first + tries) % run->count;
	__u32 index = slot / SLOTS_PER_BLOCK;
	struct slot_block *block = bpf_map_lookup_elem(&slots, &index);

	return block ? block->target[slot % SLOTS_PER_BLOCK] : -1;
}

#endif
