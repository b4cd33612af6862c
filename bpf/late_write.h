/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Late binding, the packets that we make ourselves. They are never made from nothing: the packet
 * in hand gets another length, other headers, and some of the bytes that are held.
 */
#ifndef SLUICE_LATE_WRITE_H
#define SLUICE_LATE_WRITE_H

#include "late_work.h"

/*
 * Adds to `sum` that of up to LATE_PIECE bytes of the packet. Negative on failure. Of a partial
 * checksum they are no part.
 */
static __always_inline __s64 late_sum_piece(struct __sk_buff *skb, struct late_work *work,
					    __u32 offset, __u32 length, __u32 sum)
{
	__u32 last = (length - 1) & (LATE_PIECE - 4); /* where the last four bytes begin */

	if (work->checksum == CHECKSUM_OF_PSEUDO_HEADER)
		return 0;
	__builtin_memset(work->piece + last, 0, 4);
	if (bpf_skb_load_bytes(skb, offset, work->piece, length))
		return -1;
	return bpf_csum_diff(NULL, 0, (__be32 *)work->piece, last + 4, sum);
}

/* Puts held bytes behind the headers, and adds their sum to `sum`. Negative on failure. */
static __always_inline __s64 late_write_payload(struct __sk_buff *skb, struct late_work *work,
						struct late_slot *slot, __u32 offset, __u32 sum)
{
	__u32 length = work->segment.length;

	for (__u32 done = 0; done < MSS_V4; done += LATE_PIECE) {
		__u32 left = length - done, at = (work->segment.from + done) & (LATE_BYTES - 1);
		__s64 next;

		if (done >= length)
			break;
		if (left > LATE_PIECE)
			left = LATE_PIECE;
		left = ((left - 1) & (LATE_PIECE - 1)) + 1; /* tells the verifier */
		if (bpf_skb_store_bytes(skb, offset + done, slot->bytes + at, left,
					BPF_F_RECOMPUTE_CSUM))
			return -1;
		next = late_sum_piece(skb, work, offset + done, left, sum);
		if (next < 0)
			return -1;
		sum = next;
	}
	return sum;
}

/*
 * Puts the PROXY protocol's header behind that of TCP, with the name that the client asks for if
 * its length has room for one. Returns its sum, negative on failure.
 */
static __always_inline __s64 late_write_header(struct __sk_buff *skb, struct late_work *work,
					       struct late_slot *slot, __u32 offset)
{
	__u32 length = work->segment.length, start = proxy_header_length(work->p.family, 0);
	struct proxy_header header;

	proxy_header_fill(&header, &work->client, work->p.family, length);
	start = ((start - 1) & 63) + 1; /* tells the verifier, here and below */
	if (bpf_skb_store_bytes(skb, offset, &header, start, BPF_F_RECOMPUTE_CSUM))
		return -1;
	if (length > start) {
		__u8 name_length = length - start - sizeof(struct proxy_tlv);
		struct proxy_tlv tlv = {.type = PROXY_AUTHORITY, .length = bpf_htons(name_length)};

		if (bpf_skb_store_bytes(skb, offset + start, &tlv, sizeof(tlv),
					BPF_F_RECOMPUTE_CSUM) ||
		    bpf_skb_store_bytes(skb, offset + start + sizeof(tlv), slot->hello.name,
					((name_length - 1) & MAX_NAME) + 1, BPF_F_RECOMPUTE_CSUM))
			return -1;
	}
	return late_sum_piece(skb, work, offset, ((length - 1) & (LATE_PIECE - 1)) + 1, 0);
}

static __always_inline bool late_write_ip(struct __sk_buff *skb, struct late_work *work,
					  __u32 tcp_length)
{
	const struct late_segment *s = &work->segment;

	struct ipv6hdr *ip6 = (struct ipv6hdr *)work->ip;

	__builtin_memset(work->ip, 0, sizeof(work->ip));
	if (work->p.family == AF_INET) {
		struct iphdr *ip = (struct iphdr *)work->ip;

		ip->version = 4;
		ip->ihl = sizeof(*ip) / 4;
		ip->tot_len = bpf_htons(sizeof(*ip) + tcp_length);
		ip->frag_off = bpf_htons(DONT_FRAGMENT);
		ip->ttl = LATE_TTL;
		ip->protocol = IPPROTO_TCP;
		ip->saddr = address_to_v4(&s->src);
		ip->daddr = address_to_v4(&s->dst);
		ip->check = ~checksum_fold(bpf_csum_diff(NULL, 0, (__be32 *)ip, sizeof(*ip), 0));
		return !bpf_skb_store_bytes(skb, sizeof(struct ethhdr), ip, sizeof(*ip),
					    BPF_F_RECOMPUTE_CSUM);
	}
	ip6->version = 6;
	ip6->payload_len = bpf_htons(tcp_length);
	ip6->nexthdr = IPPROTO_TCP;
	ip6->hop_limit = LATE_TTL;
	address_to_v6(&ip6->saddr, &s->src);
	address_to_v6(&ip6->daddr, &s->dst);
	return !bpf_skb_store_bytes(skb, sizeof(struct ethhdr), ip6, sizeof(*ip6),
				    BPF_F_RECOMPUTE_CSUM);
}

static __always_inline void late_write_options(__u8 *to, const struct syn_options *options)
{
	to[0] = TCP_OPTION_MSS;
	to[1] = 4;
	to[2] = options->mss >> 8;
	to[3] = options->mss;
	to[4] = TCP_OPTION_NOP;
	to[5] = options->scale == NO_SCALE ? TCP_OPTION_NOP : TCP_OPTION_SCALE;
	to[6] = options->scale == NO_SCALE ? TCP_OPTION_NOP : 3;
	to[7] = options->scale == NO_SCALE ? TCP_OPTION_NOP : options->scale;
	to[8] = TCP_OPTION_NOP;
	to[9] = TCP_OPTION_NOP;
	to[10] = options->sack ? TCP_OPTION_SACK_OK : TCP_OPTION_NOP;
	to[11] = options->sack ? 2 : TCP_OPTION_NOP;
}

static __always_inline bool late_write_tcp(struct __sk_buff *skb, struct late_work *work,
					   __u32 header_length, __u32 tcp_length, __u32 payload_sum)
{
	struct late_segment *s = &work->segment;
	struct tcphdr *tcp = (struct tcphdr *)work->header;
	__u32 l4 = sizeof(struct ethhdr) + ip_size_of(&work->p);
	__u64 sum = (__u32)bpf_csum_diff(NULL, 0, (__be32 *)&s->src, 2 * sizeof(s->src), 0);

	__builtin_memset(work->header, 0, sizeof(work->header));
	tcp->source = s->sport;
	tcp->dest = s->dport;
	tcp->seq = bpf_htonl(s->seq);
	tcp->ack_seq = bpf_htonl(s->ack);
	tcp->doff = header_length / 4;
	((__u8 *)tcp)[13] = s->flags;
	tcp->window = bpf_htons(s->window);
	if (s->has_options)
		late_write_options((__u8 *)(tcp + 1), &s->options);
	/* The pseudo-header (RFC 9293, 3.1): mapped IPv4 addresses sum to the same. */
	sum += bpf_htons(IPPROTO_TCP) + bpf_htons(tcp_length);
	if (work->checksum == CHECKSUM_OF_PSEUDO_HEADER) {
		tcp->check = checksum_fold(sum);
	} else {
		sum += (__u32)bpf_csum_diff(NULL, 0, work->header, sizeof(work->header), 0);
		tcp->check = ~checksum_fold(sum + payload_sum);
	}
	header_length = s->has_options ? sizeof(work->header) : sizeof(*tcp);
	return !bpf_skb_store_bytes(skb, l4, work->header, header_length, BPF_F_RECOMPUTE_CSUM);
}

/*
 * Makes the packet in hand into the segment of late_work(); its frame keeps its MAC addresses.
 * Global functions, here and below: the verifier looks at them once, not once for every way that
 * leads here. They find their work and slot themselves, since a lock cannot be in an argument.
 */
__noinline int late_write(struct __sk_buff *skb)
{
	struct late_work *work = late_work();
	struct late_slot *slot = work ? late_slot(work) : NULL;
	__u32 header_length, l4, tcp_length;
	struct late_segment *s;
	__s64 sum = 0;

	if (!work || !slot) /* the verifier wants to see it */
		return false;
	s = &work->segment;
	header_length = sizeof(struct tcphdr) + (s->has_options ? SYN_OPTIONS_LENGTH : 0);
	l4 = sizeof(struct ethhdr) + ip_size_of(&work->p);
	tcp_length = header_length + s->length;
	if (!late_learn_checksum(skb, work) || bpf_skb_change_tail(skb, l4 + tcp_length, 0))
		return false;
	if (s->is_header)
		sum = late_write_header(skb, work, slot, l4 + header_length);
	else if (s->length)
		sum = late_write_payload(skb, work, slot, l4 + header_length, 0);
	if (sum < 0)
		return false;
	if (!late_write_tcp(skb, work, header_length, tcp_length, sum) ||
	    !late_write_ip(skb, work, tcp_length))
		return false;
	work->p.l3 = sizeof(struct ethhdr);
	work->p.l4 = l4;
	work->p.l4_length = header_length;
	work->p.length = l4 - sizeof(struct ethhdr) + tcp_length;
	work->p.ttl = LATE_TTL;
	work->p.tcp_flags = s->flags;
	work->p.seq = bpf_htonl(s->seq);
	work->p.ack = bpf_htonl(s->ack);
	work->p.fragment = FRAGMENT_NONE;
	work->p.key.src = s->src;
	work->p.key.dst = s->dst;
	work->p.key.sport = s->sport;
	work->p.key.dport = s->dport;
	return true;
}

/* Turns the frame round: it goes back to the one it came from. */
static __always_inline bool late_turn_frame(struct __sk_buff *skb)
{
	__u8 came[2 * ETH_ALEN], macs[2 * ETH_ALEN];

	if (bpf_skb_load_bytes(skb, 0, came, sizeof(came)))
		return false;
	__builtin_memcpy(macs, came + ETH_ALEN, ETH_ALEN);
	__builtin_memcpy(macs + ETH_ALEN, came, ETH_ALEN);
	return !bpf_skb_store_bytes(skb, 0, macs, sizeof(macs), 0);
}

/* Begins a segment as the client would have sent it. */
static __always_inline struct late_segment *late_client_segment(struct late_work *work, __u8 flags)
{
	struct late_segment *s = &work->segment;

	__builtin_memset(s, 0, sizeof(*s));
	s->src = work->client.src;
	s->dst = work->client.dst;
	s->sport = work->client.sport;
	s->dport = work->client.dport;
	s->flags = flags;
	return s;
}

/* Begins a segment to the client. */
static __always_inline struct late_segment *late_answer_segment(struct late_work *work, __u8 flags)
{
	struct late_segment *s = late_client_segment(work, flags);

	s->src = work->client.dst;
	s->dst = work->client.src;
	s->sport = work->client.dport;
	s->dport = work->client.sport;
	return s;
}

/* Sends work->segment back to the client whose packet is in hand. */
static __always_inline enum reason late_answer(struct __sk_buff *skb, struct late_work *work,
					       enum reason reason, long *action)
{
	if (!late_write(skb) || !late_turn_frame(skb))
		return REASON_DROPPED_REWRITE_FAILED;
	*action = bpf_redirect(skb->ifindex, 0);
	return reason;
}

#endif
