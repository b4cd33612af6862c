/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A small world and tables for the whole program: two networks, one proxy in both families with a
 * target behind a narrow link, one on the host and one without a route, and a client or two.
 */
#ifndef SLUICE_FUZZ_STAGE_H
#define SLUICE_FUZZ_STAGE_H

#include "program.h"
#include "world.h"

enum { STAGE_SNAT = 1, STAGE_SOURCE_ROUTES = 2, STAGE_CONFIRM = 4, STAGE_EMPTY_POOL = 8 };

#define STAGE_FRONT  10
#define STAGE_BACK   11
#define STAGE_MTU    160 /* of the link to targets */
#define STAGE_PLACES 8

/* The last byte of the addresses (10.0.0.n, fd00::n) of client, router, listener... */
enum place {
	PLACE_CLIENT,
	PLACE_OTHER_CLIENT,
	PLACE_LISTENER,
	PLACE_BACK, /* the balancer's address towards targets */
	PLACE_TARGET,
	PLACE_LOCAL_TARGET,
	PLACE_UNREACHABLE_TARGET,
	PLACE_STRANGER,
};

/* Ports: of clients, the listener, targets, and of snat mode. */
static const uint16_t stage_ports[4] = {40000, 80, 8080, 1024};

/* Writes the address of a place: 4 bytes, or 16. */
static inline void stage_address(bool v6, uint8_t place, uint8_t *to)
{
	memset(to, 0, 16);
	to[0] = v6 ? 0xfd : 10;
	to[v6 ? 15 : 3] = place % STAGE_PLACES + 1;
}

static inline struct address stage_place(bool v6, uint8_t place)
{
	struct recipe r = {.v6 = v6};
	uint8_t bytes[16];

	stage_address(v6, place, bytes);
	return recipe_address(&r, bytes);
}

static inline void stage_route(bool v6, uint8_t place, uint8_t type, uint32_t ifindex)
{
	struct world_route *route = world_new_route();
	struct address address = stage_place(v6, place);

	*route = (struct world_route){.bits = 128, .type = type, .ifindex = ifindex};
	memcpy(route->prefix, address.bytes, 16);
}

static inline void stage_neighbour(bool v6, uint8_t place, uint32_t ifindex)
{
	struct neighbour *neighbour = world_new_neighbour();
	struct address address = stage_place(v6, place);

	*neighbour = (struct neighbour){.ifindex = ifindex, .mac = {2, 0, 0, 0, 2, place}};
	memcpy(neighbour->address, address.bytes, 16);
}

/* MAC address of both interfaces: the one that write_ethernet() sends to. */
#define STAGE_MAC                \
	{                        \
		2, 0, 0, 0, 1, 1 \
	}

static inline void stage_interface(uint32_t ifindex, uint32_t mtu)
{
	struct device device = {.xdp_redirect = 1, .mac = STAGE_MAC};

	*world_new_interface() = (struct interface){
		.ifindex = ifindex, .mtu = mtu, .mac = STAGE_MAC, .forwarding = true};
	map_update(map_named("devices"), &ifindex, &device, BPF_ANY);
}

static inline void stage_world(bool v6)
{
	stage_route(v6, PLACE_CLIENT, ROUTE_TYPE_UNICAST, STAGE_FRONT);
	stage_route(v6, PLACE_OTHER_CLIENT, ROUTE_TYPE_UNICAST, STAGE_FRONT);
	stage_route(v6, PLACE_LISTENER, ROUTE_TYPE_LOCAL, STAGE_FRONT);
	stage_route(v6, PLACE_BACK, ROUTE_TYPE_LOCAL, STAGE_BACK);
	stage_route(v6, PLACE_TARGET, ROUTE_TYPE_UNICAST, STAGE_BACK);
	stage_route(v6, PLACE_LOCAL_TARGET, ROUTE_TYPE_LOCAL, STAGE_BACK);
	stage_route(v6, PLACE_UNREACHABLE_TARGET, ROUTE_TYPE_UNREACHABLE, STAGE_BACK);
	stage_neighbour(v6, PLACE_CLIENT, STAGE_FRONT);
	stage_neighbour(v6, PLACE_TARGET, STAGE_BACK);
}

static inline void stage_target(uint32_t id, bool v6, uint8_t place)
{
	struct target target = {
		.address = stage_place(v6, place),
		.port = bpf_htons(stage_ports[2]),
		.flags = place == PLACE_LOCAL_TARGET ? TARGET_FLAG_LOCAL : 0,
	};

	if (place == PLACE_TARGET)
		target.snat_address = stage_place(v6, PLACE_BACK);
	map_update(map_named("targets"), &id, &target, BPF_ANY);
}

static inline void stage_listener(bool v6, uint8_t protocol, uint8_t options)
{
	struct listener_key key = {
		.address = stage_place(v6, PLACE_LISTENER),
		.port = bpf_htons(stage_ports[1]),
		.protocol = protocol,
	};
	struct listener listener = {
		.pool = v6,
		.flags = (options & STAGE_SNAT ? LISTENER_FLAG_SNAT : 0) |
			 (options & STAGE_SOURCE_ROUTES ? LISTENER_FLAG_SOURCE_ROUTES : 0),
	};

	map_update(map_named("listeners"), &key, &listener, BPF_ANY);
}

/* Pool `v6`: a slot each of the family's three targets; clients with a route get the second only.
 */
static inline void stage_family(bool v6, uint8_t options)
{
	struct source_route_key route = {.prefix_len = 160,
					 .address = stage_place(v6, PLACE_OTHER_CLIENT)};
	struct source_route to = {.pool = 2 + v6};
	struct slot_block block = {.target = {3 * v6, 3 * v6 + 1, 3 * v6 + 2}};
	struct pool pool = {.slot_base = v6 * 16, .shape = 3}, one = {v6 * 16 + 1, 1};
	__u32 id = v6, other = 2 + v6;

	if (options & STAGE_EMPTY_POOL)
		pool.shape = 0;
	stage_world(v6);
	for (int i = 0; i < 3; i++)
		stage_target(3 * v6 + i, v6, PLACE_TARGET + i);
	stage_listener(v6, PROTOCOL_TCP, options);
	stage_listener(v6, PROTOCOL_UDP, options);
	map_update(map_named("source_routes"), &route, &to, BPF_ANY);
	map_update(map_named("slots"), &id, &block, BPF_ANY);
	map_update(map_named("pools"), &id, &pool, BPF_ANY);
	map_update(map_named("pools"), &other, &one, BPF_ANY);
}

/* Sets the stage anew. */
static inline void stage_set(uint8_t options)
{
	struct options load = {
		.snat_port_min = stage_ports[3],
		.snat_port_count = 2,
		.confirm_one_in = !!(options & STAGE_CONFIRM),
	};

	for (__u32 i = 0; i < map_count; i++)
		map_reset(&maps[i]);
	world_reset();
	programs_set_options(&load);
	stage_interface(STAGE_FRONT, 1500);
	stage_interface(STAGE_BACK, STAGE_MTU);
	stage_family(false, options);
	stage_family(true, options);
}

#endif
