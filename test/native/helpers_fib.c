// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * bpf_fib_lookup, after net/core/filter.c of Linux 6.18, answered from the world. Of `params` only
 * what the kernel writes is written: nothing but mtu_result for a packet that is too big; interface
 * and next hop, but no MAC address and no MTU, for a neighbour that is not resolved.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/in6.h>
#include <bpf/bpf_helpers.h>

#include "skb.h"
#include "world.h"

static void destination_of(const struct bpf_fib_lookup *params, __u8 *address)
{
	static const __u8 v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

	if (params->family == AF_INET6) {
		memcpy(address, params->ipv6_dst, 16);
		return;
	}
	memcpy(address, v4_prefix, sizeof(v4_prefix));
	memcpy(address + sizeof(v4_prefix), &params->ipv4_dst, sizeof(params->ipv4_dst));
}

static void set_destination(struct bpf_fib_lookup *params, const __u8 *address)
{
	if (params->family == AF_INET6)
		memcpy(params->ipv6_dst, address, 16);
	else
		memcpy(&params->ipv4_dst, address + 12, sizeof(params->ipv4_dst));
}

/* rt6_need_strict(): link-local, multicast, loopback; never forwarded. */
static bool is_strict(const __u32 *address)
{
	const __u8 *bytes = (const __u8 *)address;
	static const __u8 loopback[16] = {[15] = 1};

	return bytes[0] == 0xff || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) ||
	       !memcmp(bytes, loopback, sizeof(loopback));
}

static long to_neighbour(struct bpf_fib_lookup *params, const struct interface *out)
{
	const struct neighbour *neighbour;
	__u8 next_hop[16];

	destination_of(params, next_hop);
	neighbour = world_neighbour(out->ifindex, next_hop);
	if (!neighbour)
		return BPF_FIB_LKUP_RET_NO_NEIGH;
	memcpy(params->dmac, neighbour->mac, ETH_ALEN);
	memcpy(params->smac, out->mac, ETH_ALEN);
	params->h_vlan_TCI = 0;
	params->h_vlan_proto = 0;
	params->mtu_result = out->mtu;
	return BPF_FIB_LKUP_RET_SUCCESS;
}

static long along_route(struct bpf_fib_lookup *params, const struct world_route *route)
{
	const struct interface *out;

	if (!route || route->type == ROUTE_TYPE_LOCAL)
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	if (route->type == ROUTE_TYPE_UNREACHABLE)
		return BPF_FIB_LKUP_RET_UNREACHABLE;
	out = world_interface(route->ifindex);
	if (params->tot_len > out->mtu) {
		params->mtu_result = out->mtu; /* in a union with tot_len */
		return BPF_FIB_LKUP_RET_FRAG_NEEDED;
	}
	if (route->has_gateway)
		set_destination(params, route->gateway);
	params->rt_metric = 0;
	params->ifindex = out->ifindex;
	return to_neighbour(params, out);
}

long bpf_fib_lookup(void *context, struct bpf_fib_lookup *params, int plen, __u32 flags)
{
	const struct interface *in;
	__u8 destination[16];

	skb_of(context);
	/* Without tot_len TC checks the packet itself; with flags more is asked: neither is used.
	 */
	if (plen < (int)sizeof(*params) || flags || !params->tot_len)
		return -EINVAL;
	if (params->family != AF_INET && params->family != AF_INET6)
		return -EAFNOSUPPORT;
	if (params->family == AF_INET6 &&
	    (is_strict(params->ipv6_dst) || is_strict(params->ipv6_src)))
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	in = world_interface(params->ifindex);
	if (!in)
		return -ENODEV;
	if (!in->forwarding)
		return BPF_FIB_LKUP_RET_FWD_DISABLED;
	destination_of(params, destination);
	return along_route(params, world_route(destination));
}
