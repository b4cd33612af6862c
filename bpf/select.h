/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* From a listener to a target: source route, pool, slot. */
#ifndef SLUICE_SELECT_H
#define SLUICE_SELECT_H

#include "packet.h"
#include "maps.h"

#define SOURCE_ROUTE_FULL_PREFIX (8 * (sizeof(__u32) + sizeof(struct address)))

/* The pool for a client: the most specific source route's, else the listener's. */
static __always_inline __u32 select_pool(const struct listener *listener,
					 const struct address *client)
{
	struct source_route_key key = {
		.prefix_len = SOURCE_ROUTE_FULL_PREFIX,
		.proxy = listener->proxy,
		.address = *client,
	};
	struct source_route *route;

	if (!(listener->flags & LISTENER_FLAG_SOURCE_ROUTES))
		return listener->pool;
	route = bpf_map_lookup_elem(&source_routes, &key);
	return route ? route->pool : listener->pool;
}

/*
 * Picks a slot at random and gives its target's id, or -1 if the pool is empty. The slots are
 * filled in proportion to the weights, so a new connection costs the same for 2 targets or 2,000.
 */
static __always_inline __s64 select_target(__u32 pool_id)
{
	struct pool *entry = bpf_map_lookup_elem(&pools, &pool_id);
	struct slot_block *block;
	struct pool pool;
	__u32 slot, index;

	if (!entry)
		return -1;
	/* One load: user space may be moving the pool to other slots right now. */
	*(__u64 *)&pool = *(volatile __u64 *)entry;
	if (!pool.slot_count)
		return -1;
	slot = pool.slot_base + bpf_get_prandom_u32() % pool.slot_count;
	index = slot / SLOTS_PER_BLOCK;
	block = bpf_map_lookup_elem(&slots, &index);
	return block ? block->target[slot % SLOTS_PER_BLOCK] : -1;
}

#endif
