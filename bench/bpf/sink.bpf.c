// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Counts the UDP packets to one port that reach an interface, notes when the first and the last one
 * came, and drops them there. With the times, neither setting up a sender nor ending it
 * counts; the coarse clock is cheap and right to a tick, some milliseconds.
 */
#include "frame.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Set before load. */
const volatile __u16 sink_port = 7000;

struct arrivals {
	__u64 packets;
	__u64 first_ns; /* 0 before there is one */
	__u64 last_ns;
};

/* One CPU at a time: the sender, and with it all that its packets cause, is pinned to one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct arrivals);
} sunk SEC(".maps");

static __always_inline void note_arrival(void)
{
	__u32 zero = 0;
	struct arrivals *arrivals = bpf_map_lookup_elem(&sunk, &zero);
	__u64 now = bpf_ktime_get_coarse_ns();

	if (!arrivals)
		return;
	arrivals->packets++;
	arrivals->last_ns = now;
	if (!arrivals->first_ns)
		arrivals->first_ns = now;
}

SEC("xdp")
int sink(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_UDP || udp->dest != bpf_htons(sink_port))
		return XDP_PASS;
	note_arrival();
	return XDP_DROP;
}
