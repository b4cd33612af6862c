// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * What a program costs a packet. BPF_PROG_RUN with a repeat count hands the same packet over again
 * and again, so a program that rewrites it would see its own output. The feeds therefore restore
 * the packet, pick its client, and tail-call the program under test; a run that tail-calls nothing
 * instead is subtracted.
 */
#include "frame.h"
#include <linux/pkt_cls.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#ifndef AF_INET
#define AF_INET 2
#endif
#define BARE_ENTRIES 260000

/* Which packets to feed. Written by user space between runs. */
struct feed {
	__u32 flows;	/* different clients */
	__u32 clients;	/* addresses that they have together; the rest of the number is the port */
	__u32 address;	/* the first of these, host byte order */
	__u32 is_reply; /* the client is the destination, not the source */
	__u64 next;	/* number of the next packet */
	__u64 template[FRAME_WORDS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct feed);
} feeds SEC(".maps");

/* The program under test. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} xdp_subject SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} tc_subject SEC(".maps");

/* The 5-tuple of an IPv4 packet, and nothing else. */
struct bare_key {
	__be32 saddr;
	__be32 daddr;
	__be16 sport;
	__be16 dport;
	__u8 protocol;
	__u8 pad[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, BARE_ENTRIES);
	__type(key, struct bare_key);
	__type(value, __u64);
} bare_flows SEC(".maps");

/* Both transports begin with the ports. */
struct ports {
	__be16 source;
	__be16 dest;
};

/* Writes the next packet. */
static __always_inline bool feed_write(void *data, void *data_end)
{
	__u32 zero = 0, client, address;
	struct feed *feed = bpf_map_lookup_elem(&feeds, &zero);
	struct iphdr *ip = data + ETH_HLEN;
	struct ports *ports = (void *)(ip + 1);
	__u16 port;

	if (!feed || !frame_restore(data, data_end, feed->template))
		return false;
	client = flow_of(feed->next++, feed->flows);
	address = feed->address + client % feed->clients;
	port = FIRST_PORT + client / feed->clients;
	if (feed->is_reply) {
		ip->daddr = bpf_htonl(address);
		ports->dest = bpf_htons(port);
	} else {
		ip->saddr = bpf_htonl(address);
		ports->source = bpf_htons(port);
	}
	return true;
}

SEC("xdp")
int xdp_feed(struct xdp_md *xdp)
{
	if (feed_write((void *)(long)xdp->data, (void *)(long)xdp->data_end))
		bpf_tail_call(xdp, &xdp_subject, 0);
	return XDP_ABORTED;
}

SEC("tc")
int tc_feed(struct __sk_buff *skb)
{
	if (feed_write((void *)(long)skb->data, (void *)(long)skb->data_end))
		bpf_tail_call(skb, &tc_subject, 0);
	return TC_ACT_SHOT;
}

/* What is subtracted. */
SEC("xdp")
int xdp_nothing(struct xdp_md *xdp)
{
	return XDP_TX;
}

SEC("tc")
int tc_nothing(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

static __always_inline struct iphdr *bare_parse(struct xdp_md *xdp, struct bare_key *key)
{
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct ports *ports = (void *)(ip + 1);

	if ((void *)(ports + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5 ||
	    (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP))
		return NULL;
	key->saddr = ip->saddr;
	key->daddr = ip->daddr;
	key->sport = ports->source;
	key->dport = ports->dest;
	key->protocol = ip->protocol;
	return ip;
}

/* The yardstick: parse a 5-tuple, look it up. */
SEC("xdp")
int bare(struct xdp_md *xdp)
{
	struct bare_key key = {};

	if (!bare_parse(xdp, &key))
		return XDP_ABORTED;
	return bpf_map_lookup_elem(&bare_flows, &key) ? XDP_TX : XDP_DROP;
}

/* Makes `bare` find the packet from now on. */
SEC("xdp")
int bare_learn(struct xdp_md *xdp)
{
	struct bare_key key = {};
	__u64 value = 1;

	if (!bare_parse(xdp, &key))
		return XDP_ABORTED;
	return bpf_map_update_elem(&bare_flows, &key, &value, BPF_ANY) ? XDP_DROP : XDP_TX;
}

/* The yardstick and a question to the kernel's routing table: what any forwarder needs at least. */
SEC("xdp")
int bare_route(struct xdp_md *xdp)
{
	struct bpf_fib_lookup fib = {.family = AF_INET};
	struct bare_key key = {};
	struct iphdr *ip = bare_parse(xdp, &key);

	if (!ip || !bpf_map_lookup_elem(&bare_flows, &key))
		return XDP_ABORTED;
	fib.l4_protocol = ip->protocol;
	fib.sport = key.sport;
	fib.dport = key.dport;
	fib.tot_len = bpf_ntohs(ip->tot_len);
	fib.ipv4_src = ip->saddr;
	fib.ipv4_dst = ip->daddr;
	fib.ifindex = xdp->ingress_ifindex;
	return bpf_fib_lookup(xdp, &fib, sizeof(fib), 0) ? XDP_DROP : XDP_TX;
}
