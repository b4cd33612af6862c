/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Parsing: from the bytes of a frame to the 5-tuple and the few facts that decisions need.
 *
 * One bounds check per header, right before it is read. Nothing is trusted: a header that does
 * not lie inside both the frame and the IP packet makes the packet malformed, and a malformed
 * packet is never rewritten.
 */
#ifndef SLUICE_PACKET_H
#define SLUICE_PACKET_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "address.h"

#ifndef AF_INET
#define AF_INET 2
#endif
#ifndef AF_INET6
#define AF_INET6 10
#endif

#define IPV4_FRAGMENT_OFFSET  0x1fff /* RFC 791, 3.1, in units of 8 bytes */
#define IPV4_MORE_FRAGMENTS   0x2000
#define IPV6_FRAGMENT_OFFSET  0xfff8 /* RFC 8200, 4.5 */
#define IPV6_MORE_FRAGMENTS   0x0001
#define MAX_EXTENSION_HEADERS 4
#define OFFSET_MASK	      0x3ff /* no header that we read starts beyond; tells the verifier */

enum tcp_flag { /* the low byte of the flags field, RFC 9293, 3.1 */
		TCP_FIN = 0x01,
		TCP_SYN = 0x02,
		TCP_RST = 0x04,
		TCP_ACK = 0x10,
};

enum fragment {
	FRAGMENT_NONE,
	FRAGMENT_FIRST, /* has the ports */
	FRAGMENT_LATER, /* has payload where ports would be */
};

struct packet {
	struct flow_key key;
	__u32 ifindex; /* the interface it came in on */
	__u32 l3;      /* offset of the IP header in the frame */
	__u32 l4;      /* offset of the transport header */
	__u32 length;  /* bytes of the IP packet */
	__be32 fragment_id;
	__be32 seq; /* TCP */
	__be32 ack;
	__u8 family; /* AF_INET, AF_INET6 */
	__u8 ttl;
	__u8 tcp_flags;
	__u8 l4_length; /* bytes of the transport header */
	__u8 fragment;	/* enum fragment */
};

/* RFC 8200, 4.5. */
struct ipv6_fragment_header {
	__u8 nexthdr;
	__u8 reserved;
	__be16 offset_flags;
	__be32 id;
};

/*
 * The header of `size` bytes at `offset`, or NULL when the frame ends before.
 * The compiler may not reason the mask away: for memory that is no packet Linux 6.1 sees no other
 * bound.
 */
static __always_inline void *header_at(void *data, void *data_end, __u32 offset, __u32 size)
{
	void *header;

	barrier_var(offset);
	header = data + (offset & OFFSET_MASK);

	return header + size > data_end ? NULL : header;
}

/* True when `size` bytes of transport header fit into the IP packet. */
static __always_inline bool l4_fits(const struct packet *p, __u32 size)
{
	return p->l4 - p->l3 + size <= p->length;
}

static __always_inline enum reason parse_tcp(void *data, void *data_end, struct packet *p)
{
	struct tcphdr *tcp = header_at(data, data_end, p->l4, sizeof(*tcp));

	if (!tcp || tcp->doff < sizeof(*tcp) / 4 || !l4_fits(p, tcp->doff * 4))
		return REASON_PASSED_MALFORMED;
	p->key.sport = tcp->source;
	p->key.dport = tcp->dest;
	p->seq = tcp->seq;
	p->ack = tcp->ack_seq;
	p->tcp_flags = ((__u8 *)tcp)[13];
	p->l4_length = tcp->doff * 4;
	return REASON_NONE;
}

static __always_inline enum reason parse_udp(void *data, void *data_end, struct packet *p)
{
	struct udphdr *udp = header_at(data, data_end, p->l4, sizeof(*udp));
	__u16 length;

	if (!udp || !l4_fits(p, sizeof(*udp)))
		return REASON_PASSED_MALFORMED;
	/* A fragment holds only the beginning of what the length speaks of. */
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || (!p->fragment && !l4_fits(p, length)))
		return REASON_PASSED_MALFORMED;
	p->key.sport = udp->source;
	p->key.dport = udp->dest;
	p->l4_length = sizeof(*udp);
	return REASON_NONE;
}

static __always_inline enum reason parse_transport(void *data, void *data_end, struct packet *p)
{
	switch (p->key.protocol) {
	case IPPROTO_TCP:
		return p->fragment == FRAGMENT_LATER ? REASON_NONE : parse_tcp(data, data_end, p);
	case IPPROTO_UDP:
		return p->fragment == FRAGMENT_LATER ? REASON_NONE : parse_udp(data, data_end, p);
	case IPPROTO_ICMP:
		return p->family == AF_INET ? REASON_NONE : REASON_PASSED_OTHER_PROTOCOL;
	case IPPROTO_ICMPV6:
		return p->family == AF_INET6 ? REASON_NONE : REASON_PASSED_OTHER_PROTOCOL;
	default:
		return REASON_PASSED_OTHER_PROTOCOL;
	}
}

/* A length that the header announces: a GSO packet beyond 64 KiB says 0 and fills its frame. */
static __always_inline __u32 announced_length(__be16 length, __u32 room, bool gso)
{
	return length || !gso ? bpf_ntohs(length) : room;
}

static __always_inline enum reason parse_ipv4(void *data, void *data_end, __u32 frame_length,
					      bool gso, struct packet *p)
{
	struct iphdr *ip = header_at(data, data_end, p->l3, sizeof(*ip));
	__u16 fragment;

	if (!ip || ip->version != 4 || ip->ihl < sizeof(*ip) / 4)
		return REASON_PASSED_MALFORMED;
	p->family = AF_INET;
	p->length = announced_length(ip->tot_len, frame_length - p->l3, gso);
	p->l4 = p->l3 + ip->ihl * 4;
	if (p->length > frame_length - p->l3 || p->l4 - p->l3 > p->length)
		return REASON_PASSED_MALFORMED;
	p->ttl = ip->ttl;
	p->key.protocol = ip->protocol;
	address_from_v4(&p->key.src, ip->saddr);
	address_from_v4(&p->key.dst, ip->daddr);
	fragment = bpf_ntohs(ip->frag_off);
	if (fragment & (IPV4_FRAGMENT_OFFSET | IPV4_MORE_FRAGMENTS)) {
		p->fragment = fragment & IPV4_FRAGMENT_OFFSET ? FRAGMENT_LATER : FRAGMENT_FIRST;
		p->fragment_id = ip->id;
	}
	return parse_transport(data, data_end, p);
}

/* Notes the fragment header at p->l4; returns the protocol after it. */
static __always_inline int parse_ipv6_fragment(void *data, void *data_end, struct packet *p)
{
	struct ipv6_fragment_header *header = header_at(data, data_end, p->l4, sizeof(*header));
	__u16 offset_flags;

	if (!header)
		return -1;
	offset_flags = bpf_ntohs(header->offset_flags);
	if (offset_flags & IPV6_FRAGMENT_OFFSET)
		p->fragment = FRAGMENT_LATER;
	else if (offset_flags & IPV6_MORE_FRAGMENTS)
		p->fragment = FRAGMENT_FIRST;
	p->fragment_id = header->id;
	p->l4 += sizeof(*header);
	return header->nexthdr;
}

/* Steps over an options header at p->l4 (RFC 8200, 4.3 and 4.6); returns the protocol after it. */
static __always_inline int parse_ipv6_options(void *data, void *data_end, struct packet *p)
{
	__u8 *header = header_at(data, data_end, p->l4, 2);

	if (!header)
		return -1;
	p->l4 += (header[1] + 1) * 8;
	return header[0];
}

/* Walks the extension headers to the transport header. */
static __always_inline enum reason parse_ipv6_chain(void *data, void *data_end, __u8 nexthdr,
						    struct packet *p)
{
	int next = nexthdr;

	for (int i = 0; i < MAX_EXTENSION_HEADERS; i++) {
		if (next == IPPROTO_FRAGMENT)
			next = parse_ipv6_fragment(data, data_end, p);
		else if (next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS)
			next = parse_ipv6_options(data, data_end, p);
		else
			break;
		if (next < 0 || !l4_fits(p, 0))
			return REASON_PASSED_MALFORMED;
		if (p->fragment == FRAGMENT_LATER)
			break;
		if (p->l4 > OFFSET_MASK)
			return REASON_PASSED_EXTENSION_HEADERS;
		/* Later fragments do not know what follows here: all are left alone, or none. */
		if (p->fragment)
			break;
	}
	if (next == IPPROTO_FRAGMENT || next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS ||
	    next == IPPROTO_ROUTING)
		return REASON_PASSED_EXTENSION_HEADERS;
	p->key.protocol = next;
	return REASON_NONE;
}

static __always_inline enum reason parse_ipv6(void *data, void *data_end, __u32 frame_length,
					      bool gso, struct packet *p)
{
	struct ipv6hdr *ip = header_at(data, data_end, p->l3, sizeof(*ip));
	enum reason reason;

	if (!ip || ip->version != 6)
		return REASON_PASSED_MALFORMED;
	p->family = AF_INET6;
	p->l4 = p->l3 + sizeof(*ip);
	p->length = sizeof(*ip) + announced_length(ip->payload_len, frame_length - p->l4, gso);
	if (p->length > frame_length - p->l3)
		return REASON_PASSED_MALFORMED;
	p->ttl = ip->hop_limit;
	address_from_v6(&p->key.src, &ip->saddr);
	address_from_v6(&p->key.dst, &ip->daddr);
	/* Never on the wire (RFC 4291, 2.5.5.2), and in our tables they mean IPv4. */
	if (address_is_v4(&p->key.src) || address_is_v4(&p->key.dst))
		return REASON_PASSED_MALFORMED;
	reason = parse_ipv6_chain(data, data_end, ip->nexthdr, p);
	return reason ? reason : parse_transport(data, data_end, p);
}

/*
 * Parses an Ethernet frame into `p`, which must be zeroed but for ifindex. Returns REASON_NONE for
 * an IP packet of TCP, UDP or ICMP, or the reason why it is not for us. `frame_length` is the whole
 * frame's, of which [data, data_end) may be only the beginning. `gso` says that the frame will be
 * cut into segments when it is sent.
 */
static __always_inline enum reason parse_frame(void *data, void *data_end, __u32 frame_length,
					       bool gso, struct packet *p)
{
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return REASON_PASSED_MALFORMED;
	p->l3 = sizeof(*eth);
	switch (eth->h_proto) {
	case bpf_htons(ETH_P_IP):
		return parse_ipv4(data, data_end, frame_length, gso, p);
	case bpf_htons(ETH_P_IPV6):
		return parse_ipv6(data, data_end, frame_length, gso, p);
	case bpf_htons(ETH_P_8021Q):
	case bpf_htons(ETH_P_8021AD):
		return REASON_PASSED_VLAN;
	default:
		return REASON_PASSED_NOT_IP;
	}
}

static __always_inline bool packet_is_icmp(const struct packet *p)
{
	return p->key.protocol == IPPROTO_ICMP || p->key.protocol == IPPROTO_ICMPV6;
}

/* True for the first packet of a TCP connection. */
static __always_inline bool packet_is_syn(const struct packet *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

#define LOOPBACK_IFINDEX 1   /* in every network namespace */
#define FIRST_GROUP_V4	 224 /* RFC 5771; behind it RFC 1112's reserved block and broadcast */

/* False for sources that no client can have; loopback's count on the loopback device only. */
static __always_inline bool packet_source_is_plausible(const struct packet *p)
{
	const __u8 *src = p->key.src.bytes;
	const __u64 *words = (const __u64 *)src;

	if (p->family == AF_INET)
		return src[12] != 0 && src[12] < FIRST_GROUP_V4 &&
		       (src[12] != 127 || p->ifindex == LOOPBACK_IFINDEX);
	if (!words[0] && (!words[1] || words[1] == bpf_cpu_to_be64(1))) /* :: and ::1 */
		return words[1] && p->ifindex == LOOPBACK_IFINDEX;
	/* Groups, and link-local addresses, which no route leads back to. */
	return src[0] != 0xff && !(src[0] == 0xfe && (src[1] & 0xc0) == 0x80);
}

#endif
