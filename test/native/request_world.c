// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <string.h>

#include "requests.h"
#include "wire.h"
#include "world.h"

static void read_interface(struct interface *to)
{
	to->ifindex = take_u32();
	to->mtu = take_u32();
	memcpy(to->mac, take(sizeof(to->mac)), sizeof(to->mac));
	to->forwarding = take_u8();
}

static void read_route(struct world_route *to)
{
	memcpy(to->prefix, take(sizeof(to->prefix)), sizeof(to->prefix));
	to->bits = take_u8();
	to->type = take_u8();
	to->ifindex = take_u32();
	to->has_gateway = take_u8();
	memcpy(to->gateway, take(sizeof(to->gateway)), sizeof(to->gateway));
}

static void read_neighbour(struct neighbour *to)
{
	to->ifindex = take_u32();
	memcpy(to->address, take(sizeof(to->address)), sizeof(to->address));
	memcpy(to->mac, take(sizeof(to->mac)), sizeof(to->mac));
}

void request_world(void)
{
	world_reset();
	for (__u16 left = take_u16(); left; left--)
		read_interface(world_new_interface());
	for (__u16 left = take_u16(); left; left--)
		read_route(world_new_route());
	for (__u16 left = take_u16(); left; left--)
		read_neighbour(world_new_neighbour());
}
