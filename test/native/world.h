/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The host's interfaces, routes and neighbours, as the other side of the pipe has told them. */
#ifndef NATIVE_WORLD_H
#define NATIVE_WORLD_H

#include <stdbool.h>
#include <linux/if_ether.h>
#include <linux/types.h>

enum route_type { /* after RTN_*; what is neither is not forwarded */
		  ROUTE_TYPE_UNICAST,
		  ROUTE_TYPE_LOCAL, /* and broadcast, and anycast */
		  ROUTE_TYPE_UNREACHABLE,
};

/* Addresses are 16 bytes, IPv4 ones mapped (::ffff:0:0/96). */
struct interface {
	__u32 ifindex;
	__u32 mtu;
	__u8 mac[ETH_ALEN];
	bool forwarding;
};

struct world_route {
	__u8 prefix[16];
	__u8 bits;
	__u8 type; /* enum route_type */
	bool has_gateway;
	__u8 gateway[16];
	__u32 ifindex;
};

struct neighbour {
	__u32 ifindex;
	__u8 address[16];
	__u8 mac[ETH_ALEN];
};

/* Empties the world. */
void world_reset(void);

/* Where one more goes. */
struct interface *world_new_interface(void);
struct world_route *world_new_route(void);
struct neighbour *world_new_neighbour(void);

/* NULL for none; the route with the longest prefix. */
const struct interface *world_interface(__u32 ifindex);
const struct world_route *world_route(const __u8 *address);
const struct neighbour *world_neighbour(__u32 ifindex, const __u8 *address);

#endif
