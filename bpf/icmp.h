/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * ICMP and ICMPv6 errors about packets of our flows (RFC 5508, RFC 4443).
 *
 * An error quotes the packet it is about as that packet was after our rewrite. The quoted
 * tuple, turned round, is the key of the flow half whose packets come the other way, and that
 * half holds the tuple before the rewrite. So the quoted packet is turned back, and
 * the error goes to the one who sent it.
 */
#ifndef SLUICE_ICMP_H
#define SLUICE_ICMP_H

#include "proxy_protocol.h"
#include "rewrite_skb.h"

/* RFC 792 and RFC 4443, 2.1: both headers are type, code, checksum and four more bytes. */
#define ICMP_HEADER_LENGTH   8
#define ICMP_CHECKSUM_OFFSET 2

#define ICMP_DEST_UNREACH  3
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETERPROB 12
#define ICMPV6_FIRST_ERROR 1
#define ICMPV6_LAST_ERROR  4 /* unreachable, too big, time exceeded, parameter problem */

#define QUOTED_L4_LENGTH 8 /* the least that an error quotes of TCP or UDP (RFC 792) */
#define QUOTED_MAX	 (sizeof(struct ipv6hdr) + QUOTED_L4_LENGTH)

static __always_inline bool icmp_is_error(__u8 family, __u8 type)
{
	if (family == AF_INET)
		return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
		       type == ICMP_PARAMETERPROB;
	return type >= ICMPV6_FIRST_ERROR && type <= ICMPV6_LAST_ERROR;
}

/* The header of `size` bytes at `offset`, or NULL when the frame or the IP packet ends before. */
static __always_inline void *quoted_at(void *data, void *data_end, const struct packet *p,
				       __u32 offset, __u32 size)
{
	void *header = header_at(data, data_end, offset, size);

	return offset <= OFFSET_MASK && offset - p->l3 + size <= p->length ? header : NULL;
}

static __always_inline enum reason
icmp_parse_quoted_v4(void *data, void *data_end, const struct packet *p, struct packet *quoted)
{
	struct iphdr *ip = quoted_at(data, data_end, p, quoted->l3, sizeof(*ip));

	if (!ip || ip->version != 4 || ip->ihl < sizeof(*ip) / 4)
		return REASON_PASSED_MALFORMED;
	if (ip->frag_off & bpf_htons(IPV4_FRAGMENT_OFFSET))
		return REASON_PASSED_UNKNOWN_FRAGMENT;
	quoted->l4 = quoted->l3 + ip->ihl * 4;
	quoted->key.protocol = ip->protocol;
	address_from_v4(&quoted->key.src, ip->daddr);
	address_from_v4(&quoted->key.dst, ip->saddr);
	return REASON_NONE;
}

static __always_inline enum reason
icmp_parse_quoted_v6(void *data, void *data_end, const struct packet *p, struct packet *quoted)
{
	struct ipv6hdr *ip = quoted_at(data, data_end, p, quoted->l3, sizeof(*ip));

	if (!ip || ip->version != 6)
		return REASON_PASSED_MALFORMED;
	quoted->l4 = quoted->l3 + sizeof(*ip);
	quoted->key.protocol = ip->nexthdr;
	address_from_v6(&quoted->key.src, &ip->daddr);
	address_from_v6(&quoted->key.dst, &ip->saddr);
	if (ip->nexthdr != IPPROTO_FRAGMENT)
		return REASON_NONE;
	if (!quoted_at(data, data_end, p, quoted->l4, sizeof(struct ipv6_fragment_header)))
		return REASON_PASSED_OTHER_PROTOCOL; /* whose, the quote does not tell */
	quoted->key.protocol = parse_ipv6_fragment(data, data_end, quoted);
	return quoted->fragment == FRAGMENT_LATER ? REASON_PASSED_UNKNOWN_FRAGMENT : REASON_NONE;
}

/*
 * Reads the quoted packet: its place into l3 and l4, and into `quoted->key` its 5-tuple turned
 * round, which is the key of the half of its flow that comes the other way.
 */
static __always_inline enum reason icmp_parse_quoted(void *data, void *data_end,
						     const struct packet *p, struct packet *quoted)
{
	__u8 *icmp = header_at(data, data_end, p->l4, ICMP_HEADER_LENGTH);
	enum reason reason;
	__be16 *ports;

	if (!icmp || !l4_fits(p, ICMP_HEADER_LENGTH))
		return REASON_PASSED_MALFORMED;
	if (!icmp_is_error(p->family, icmp[0]))
		return REASON_PASSED_OTHER_PROTOCOL;
	quoted->family = p->family;
	quoted->l3 = p->l4 + ICMP_HEADER_LENGTH;
	reason = p->family == AF_INET ? icmp_parse_quoted_v4(data, data_end, p, quoted)
				      : icmp_parse_quoted_v6(data, data_end, p, quoted);
	if (reason)
		return reason;
	if (quoted->key.protocol != IPPROTO_TCP && quoted->key.protocol != IPPROTO_UDP)
		return REASON_PASSED_OTHER_PROTOCOL;
	ports = quoted_at(data, data_end, p, quoted->l4, QUOTED_L4_LENGTH);
	if (!ports)
		return REASON_PASSED_MALFORMED;
	quoted->key.sport = ports[1];
	quoted->key.dport = ports[0];
	return REASON_NONE;
}

static __always_inline struct flow *icmp_find_flow(const struct flow_key *turned)
{
	bool is_pending;

	return flow_find(turned, &is_pending);
}

/* Stores `size` bytes and mends the ICMP checksum at `check` for it. */
static __always_inline bool icmp_store(struct __sk_buff *skb, __u32 check, __u32 offset, void *old,
				       void *new, __u32 size)
{
	__s64 delta = bpf_csum_diff(old, size, new, size, 0);

	return delta >= 0 && !bpf_l4_csum_replace(skb, check, 0, delta, 0) &&
	       !bpf_skb_store_bytes(skb, offset, new, size, 0);
}

/* Mends the header checksum of a quoted IPv4 packet for new addresses. */
static __always_inline bool icmp_rewrite_quoted_check(struct __sk_buff *skb, __u32 offset,
						      const struct flow *flow, __u32 check)
{
	/* The field and its neighbour: checksums are summed by fours. */
	__u16 old[2], new[2];

	offset += offsetof(struct iphdr, check) - sizeof(*old);
	if (bpf_skb_load_bytes(skb, offset, old, sizeof(old)))
		return false;
	new[0] = old[0];
	/* address_delta is of this same change with source and destination swapped */
	new[1] = checksum_update(old[1], flow->address_delta);
	return icmp_store(skb, check, offset, old, new, sizeof(old));
}

/* The quoted packet is read from right to left: it was sent by the flow's destination. */
static __always_inline bool icmp_rewrite_quoted_l3(struct __sk_buff *skb,
						   const struct packet *quoted,
						   const struct flow *flow, __u32 check)
{
	struct address old[2], new[2] = {flow->dst, flow->src};
	__u32 offset = quoted->l3;

	if (quoted->family == AF_INET6) {
		offset += offsetof(struct ipv6hdr, saddr);
		return !bpf_skb_load_bytes(skb, offset, old, sizeof(old)) &&
		       icmp_store(skb, check, offset, old, new, sizeof(old));
	}
	offset += offsetof(struct iphdr, saddr);
	if (bpf_skb_load_bytes(skb, offset, old, 2 * sizeof(__be32)))
		return false;
	((__be32 *)new)[0] = address_to_v4(&flow->dst);
	((__be32 *)new)[1] = address_to_v4(&flow->src);
	return icmp_store(skb, check, offset, old, new, 2 * sizeof(__be32)) &&
	       icmp_rewrite_quoted_check(skb, quoted->l3, flow, check);
}

/*
 * What must be added to the number of a quoted TCP packet that came the other way than those of
 * `flow` do: replies to clients that are bound late have other numbers, and so have SYNs to targets
 * that get a header.
 */
static __always_inline __u32 icmp_number_shift(const struct flow *flow, __u8 family)
{
	bool is_forward = flow->direction == FLOW_DIRECTION_FORWARD;

	if (flow->flags & FLOW_FLAG_LATE)
		return is_forward ? flow->ack_delta : 0;
	if (flow->flags & FLOW_FLAG_HEADER && !is_forward && flow->state == FLOW_STATE_SYN)
		return proxy_header_length(family, 0);
	return 0;
}

/* Turns ports back, and the UDP checksum; TCP's lies beyond the bytes that must be quoted. */
static __always_inline bool icmp_rewrite_quoted_l4(struct __sk_buff *skb,
						   const struct packet *quoted,
						   const struct flow *flow, __u32 check)
{
	__be16 old[QUOTED_L4_LENGTH / 2], new[QUOTED_L4_LENGTH / 2];
	__u32 shift = icmp_number_shift(flow, quoted->family);

	if (bpf_skb_load_bytes(skb, quoted->l4, old, sizeof(old)))
		return false;
	__builtin_memcpy(new, old, sizeof(new));
	new[0] = flow->dport;
	new[1] = flow->sport;
	if (shift) {
		__u32 seq = ((__u32)bpf_ntohs(old[2]) << 16 | bpf_ntohs(old[3])) + shift;

		new[2] = bpf_htons(seq >> 16);
		new[3] = bpf_htons(seq);
	}
	if (quoted->key.protocol == IPPROTO_UDP)
		new[3] = checksum_update_udp(new[3], (__u64)flow->address_delta + flow->port_delta);
	return icmp_store(skb, check, quoted->l4, old, new, sizeof(new));
}

/*
 * The outer addresses: to the flow's destination; from the flow's source if the peer
 * itself sent the error, else a router did and keeps its address. `outer` becomes the rewrite.
 */
static __always_inline void icmp_outer_rewrite(struct flow *outer, const struct packet *p,
					       const struct flow_key *turned,
					       const struct flow *flow)
{
	bool from_peer = address_equal(&p->key.src, &turned->src);

	__builtin_memset(outer, 0, sizeof(*outer));
	outer->src = from_peer ? flow->src : p->key.src;
	outer->dst = flow->dst;
	outer->direction = flow->direction;
	outer->flags = flow->flags;
	outer->target = flow->target;
	outer->address_delta =
		bpf_csum_diff((__be32 *)&p->key.src, 32, (__be32 *)&outer->src, 32, 0);
}

/*
 * Translates an ICMP error, all but its outer IP header, whose rewrite it leaves in `outer`.
 * Returns REASON_FORWARDED_ICMP_ERROR, or why the packet is left alone or lost.
 */
static __always_inline enum reason icmp_translate(struct __sk_buff *skb, const struct packet *p,
						  struct flow *outer)
{
	__u32 check = p->l4 + ICMP_CHECKSUM_OFFSET;
	struct packet quoted = {};
	struct flow *flow;
	enum reason reason;

	if (p->fragment)
		return REASON_PASSED_OTHER_PROTOCOL;
	reason =
		icmp_parse_quoted((void *)(long)skb->data, (void *)(long)skb->data_end, p, &quoted);
	if (reason)
		return reason;
	/* Sent to somebody else than the sender of what it quotes: not about what we have sent. */
	flow = address_equal(&p->key.dst, &quoted.key.dst) ? icmp_find_flow(&quoted.key) : NULL;
	if (!flow)
		return REASON_PASSED_NO_LISTENER;
	icmp_outer_rewrite(outer, p, &quoted.key, flow);
	if (!icmp_rewrite_quoted_l3(skb, &quoted, flow, check) ||
	    !icmp_rewrite_quoted_l4(skb, &quoted, flow, check))
		return REASON_DROPPED_REWRITE_FAILED;
	/* RFC 4443, 2.3: ICMPv6, unlike ICMP, covers the addresses */
	if (p->family == AF_INET6 &&
	    bpf_l4_csum_replace(skb, check, 0, outer->address_delta, BPF_F_PSEUDO_HDR))
		return REASON_DROPPED_REWRITE_FAILED;
	return REASON_FORWARDED_ICMP_ERROR;
}

#endif
