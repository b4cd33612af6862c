/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * "Packet too big" from the balancer itself (RFC 1191, RFC 8201): for packets of snat flows, which
 * the kernel's stack must not see (see route.h), so that it cannot answer for us.
 *
 * The packet in hand becomes the answer: room for the outer headers is made before it, and
 * the tail is cut off. Its transport checksum may be partial, and then whoever sends the
 * answer computes it over the quoted transport bytes and stores it among them, after we have
 * computed the ICMP checksum. So the quoted bytes are made to sum to zero: the field is cleared,
 * and the last two bytes make up the difference. What is stored then is zero too (in one of its two
 * forms), and the ICMP checksum holds either way. The receiver needs of the quote only the ports
 * (RFC 792).
 */
#ifndef SLUICE_TOO_BIG_H
#define SLUICE_TOO_BIG_H

#include "icmp.h"

#define QUOTED_TRANSPORT 24 /* reaches beyond TCP's checksum, which a partial one needs */
#define TOO_BIG_TTL	 64

#define ICMP_FRAG_NEEDED      4
#define ICMPV6_PACKET_TOO_BIG 2
#define IPV4_DONT_FRAGMENT    0x4000

struct too_big_header {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be32 mtu; /* IPv4 uses the lower half (RFC 1191, 4) */
};

/* Where the quoted packet begins in the answer. */
#define QUOTED_OFFSET(ip) (sizeof(struct ethhdr) + sizeof(ip) + sizeof(struct too_big_header))

/* True when the sender must be told: IPv6, and IPv4 that must not be fragmented. */
static __always_inline bool too_big_is_wanted(struct __sk_buff *skb, const struct packet *p)
{
	struct iphdr *ip;

	if (p->fragment || p->length < p->l4 - p->l3 + QUOTED_TRANSPORT)
		return false;
	if (p->family == AF_INET6)
		return p->l4 - p->l3 == sizeof(struct ipv6hdr);
	ip = header_at((void *)(long)skb->data, (void *)(long)skb->data_end, p->l3, sizeof(*ip));
	return ip && ip->ihl == sizeof(*ip) / 4 && (ip->frag_off & bpf_htons(IPV4_DONT_FRAGMENT));
}

/* Makes the quoted transport bytes at `offset` sum to zero. */
static __always_inline bool too_big_neutralise(struct __sk_buff *skb, const struct packet *p,
					       __u32 offset)
{
	__be16 quoted[QUOTED_TRANSPORT / 2];

	if (bpf_skb_load_bytes(skb, offset, quoted, sizeof(quoted)))
		return false;
	if (p->key.protocol == IPPROTO_TCP)
		quoted[offsetof(struct tcphdr, check) / 2] = 0;
	else
		quoted[offsetof(struct udphdr, check) / 2] = 0;
	quoted[QUOTED_TRANSPORT / 2 - 1] = 0;
	quoted[QUOTED_TRANSPORT / 2 - 1] =
		~checksum_fold(bpf_csum_diff(NULL, 0, (__be32 *)quoted, sizeof(quoted), 0));
	return !bpf_skb_store_bytes(skb, offset, quoted, sizeof(quoted), 0);
}

/* Stores the new headers in front of the quoted packet; the frame goes back where it came from. */
static __always_inline bool too_big_store(struct __sk_buff *skb, const struct ethhdr *came,
					  const void *ip, __u32 ip_size,
					  const struct too_big_header *icmp)
{
	struct ethhdr eth = {.h_proto = came->h_proto};

	__builtin_memcpy(eth.h_dest, came->h_source, ETH_ALEN);
	__builtin_memcpy(eth.h_source, came->h_dest, ETH_ALEN);
	return !bpf_skb_store_bytes(skb, 0, &eth, sizeof(eth), 0) &&
	       !bpf_skb_store_bytes(skb, sizeof(eth), ip, ip_size, 0) &&
	       !bpf_skb_store_bytes(skb, sizeof(eth) + ip_size, icmp, sizeof(*icmp), 0);
}

static __always_inline __u64 sum_of(void *bytes, __u32 size)
{
	return (__u32)bpf_csum_diff(NULL, 0, bytes, size, 0);
}

static __always_inline bool too_big_write_v4(struct __sk_buff *skb, const struct packet *p,
					     const struct ethhdr *came, __u16 mtu)
{
	struct too_big_header icmp = {
		.type = ICMP_DEST_UNREACH, .code = ICMP_FRAG_NEEDED, .mtu = bpf_htonl(mtu)};
	struct iphdr quoted, ip = {
				     .version = 4,
				     .ihl = sizeof(ip) / 4,
				     .ttl = TOO_BIG_TTL,
				     .protocol = IPPROTO_ICMP,
				     .tot_len = bpf_htons(skb->len - sizeof(struct ethhdr)),
				     .saddr = address_to_v4(&p->key.dst),
				     .daddr = address_to_v4(&p->key.src),
			     };

	if (bpf_skb_load_bytes(skb, QUOTED_OFFSET(struct iphdr), &quoted, sizeof(quoted)))
		return false;
	ip.check = ~checksum_fold(sum_of(&ip, sizeof(ip)));
	icmp.checksum =
		~checksum_fold(sum_of(&icmp, sizeof(icmp)) + sum_of(&quoted, sizeof(quoted)));
	return too_big_store(skb, came, &ip, sizeof(ip), &icmp);
}

static __always_inline bool too_big_write_v6(struct __sk_buff *skb, const struct packet *p,
					     const struct ethhdr *came, __u16 mtu)
{
	__be16 length = bpf_htons(skb->len - sizeof(struct ethhdr) - sizeof(struct ipv6hdr));
	struct too_big_header icmp = {.type = ICMPV6_PACKET_TOO_BIG, .mtu = bpf_htonl(mtu)};
	struct ipv6hdr quoted, ip = {
				       .version = 6,
				       .hop_limit = TOO_BIG_TTL,
				       .nexthdr = IPPROTO_ICMPV6,
				       .payload_len = length,
			       };

	if (bpf_skb_load_bytes(skb, QUOTED_OFFSET(struct ipv6hdr), &quoted, sizeof(quoted)))
		return false;
	address_to_v6(&ip.saddr, &p->key.dst);
	address_to_v6(&ip.daddr, &p->key.src);
	/* RFC 8200, 8.1: the pseudo-header is addresses, length and protocol */
	icmp.checksum = ~checksum_fold(sum_of(&ip.saddr, 2 * sizeof(ip.saddr)) + length +
				       bpf_htons(IPPROTO_ICMPV6) + sum_of(&icmp, sizeof(icmp)) +
				       sum_of(&quoted, sizeof(quoted)));
	return too_big_store(skb, came, &ip, sizeof(ip), &icmp);
}

/*
 * Turns a packet that does not fit into `mtu` into the answer to its sender. The packet is an
 * untouched one without options (see too_big_is_wanted); the answer leaves where the packet came
 * in. A global function, so that its stack is not also that of open_flow.
 */
__noinline enum reason too_big_answer(struct __sk_buff *skb, const struct packet *p, __u32 mtu,
				      long *action)
{
	__u32 ip_size, quoted_l4;
	struct ethhdr came;
	bool v4;

	if (!p || !action) /* the verifier wants to see it */
		return REASON_DROPPED_REWRITE_FAILED;
	v4 = p->family == AF_INET;
	ip_size = v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	quoted_l4 = sizeof(struct ethhdr) + ip_size + sizeof(struct too_big_header) + ip_size;
	if (bpf_skb_load_bytes(skb, 0, &came, sizeof(came)) ||
	    bpf_skb_change_head(skb, ip_size + sizeof(struct too_big_header), 0) ||
	    bpf_skb_change_tail(skb, quoted_l4 + QUOTED_TRANSPORT, 0) ||
	    !too_big_neutralise(skb, p, quoted_l4))
		return REASON_DROPPED_REWRITE_FAILED;
	if (v4 ? !too_big_write_v4(skb, p, &came, mtu) : !too_big_write_v6(skb, p, &came, mtu))
		return REASON_DROPPED_REWRITE_FAILED;
	*action = bpf_redirect(skb->ifindex, 0);
	return REASON_FORWARDED_TOO_BIG;
}

#endif
