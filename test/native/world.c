// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <string.h>

#include "die.h"
#include "world.h"

#define MAX_EACH 64

static struct interface interfaces[MAX_EACH];
static struct world_route routes[MAX_EACH];
static struct neighbour neighbours[MAX_EACH];
static __u32 interface_count, route_count, neighbour_count;

void world_reset(void)
{
	interface_count = 0;
	route_count = 0;
	neighbour_count = 0;
}

static __u32 next(__u32 *count)
{
	if (*count >= MAX_EACH)
		die("a world of more than %u things of a kind", MAX_EACH);
	return (*count)++;
}

struct interface *world_new_interface(void)
{
	return &interfaces[next(&interface_count)];
}

struct world_route *world_new_route(void)
{
	return &routes[next(&route_count)];
}

struct neighbour *world_new_neighbour(void)
{
	return &neighbours[next(&neighbour_count)];
}

const struct interface *world_interface(__u32 ifindex)
{
	for (__u32 i = 0; i < interface_count; i++) {
		if (interfaces[i].ifindex == ifindex)
			return &interfaces[i];
	}
	return NULL;
}

static bool covers(const struct world_route *route, const __u8 *address)
{
	__u32 whole = route->bits / 8, rest = route->bits % 8;

	if (memcmp(route->prefix, address, whole))
		return false;
	return !rest || !((route->prefix[whole] ^ address[whole]) >> (8 - rest));
}

const struct world_route *world_route(const __u8 *address)
{
	const struct world_route *best = NULL;

	for (__u32 i = 0; i < route_count; i++) {
		if (covers(&routes[i], address) && (!best || routes[i].bits > best->bits))
			best = &routes[i];
	}
	return best;
}

const struct neighbour *world_neighbour(__u32 ifindex, const __u8 *address)
{
	for (__u32 i = 0; i < neighbour_count; i++) {
		if (neighbours[i].ifindex == ifindex &&
		    !memcmp(neighbours[i].address, address, sizeof(neighbours[i].address)))
			return &neighbours[i];
	}
	return NULL;
}
