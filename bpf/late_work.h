/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Late binding, what it works with: the packet in hand, and what is to be made of it. */
#ifndef SLUICE_LATE_WORK_H
#define SLUICE_LATE_WORK_H

#include "cookie.h"
#include "proxy_protocol.h"
#include "rewrite_skb.h"
#include "translate.h"

#define LATE_TTL	   64
#define SYN_OPTIONS_LENGTH 12 /* MSS, window scale, SACK permitted; padded */
#define SYN_HEADER_LENGTH  (sizeof(struct tcphdr) + SYN_OPTIONS_LENGTH)
#define MSS_V4		   1460
#define MSS_V6		   1440
#define DEFAULT_MSS_V4	   536 /* RFC 9293, 3.7.1 */
#define DEFAULT_MSS_V6	   1220
#define TCP_PSH		   0x08
#define DONT_FRAGMENT	   0x4000

/* A TCP segment to be made. */
struct late_segment {
	struct address src;
	struct address dst;
	__be16 sport;
	__be16 dport;
	__u32 seq;
	__u32 ack;
	__u32 from; /* held bytes that it carries */
	__u32 length;
	__u16 window;
	__u8 flags;
	__u8 has_options;
	struct syn_options options;
	__u32 is_header; /* it carries a header of the PROXY protocol, and nothing that is held */
};

enum checksum_kind {
	CHECKSUM_UNKNOWN,
	CHECKSUM_WHOLE,
	CHECKSUM_OF_PSEUDO_HEADER, /* the rest is filled in when the packet is sent */
};

/* Room to work in, which would not fit on the 512-byte stack. */
struct late_work {
	struct packet p;	/* the packet in hand, or what was made of it */
	struct flow_key client; /* of the client's packets */
	struct listener listener;
	struct late_segment segment;
	struct syn_options offered;	       /* by the SYN or SYN-ACK in hand */
	__u32 slot;			       /* index of what is held */
	__u8 checksum;			       /* enum checksum_kind, of the packet in hand */
	__u8 egress;			       /* the packet in hand was about to leave this host */
	__u8 reason;			       /* what late_forward is to count */
	__u8 replays;			       /* the packet is to become held bytes first, */
	__u32 from;			       /* from here on */
	__u32 raise;			       /* what late_raise adds to its acknowledgement */
	__be32 ip[sizeof(struct ipv6hdr) / 4]; /* an IPv4 or IPv6 header */
	__be32 header[SYN_HEADER_LENGTH / 4];  /* a TCP header with the options of a SYN */
	__u8 piece[LATE_PIECE];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct late_work);
} late_works SEC(".maps");

static __always_inline struct late_work *late_work(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&late_works, &zero);
}

/*
 * Sets a packet aside for what the programs themselves call next: on top of the stack of
 * tc_decide_ingress there is no room for it. Returns REASON_PASSED_TO_TC.
 */
static __always_inline enum reason set_aside(const struct packet *p, bool egress)
{
	struct late_work *work = late_work();

	if (!work)
		return REASON_DROPPED_REWRITE_FAILED;
	work->p = *p;
	work->slot = 0;
	work->checksum = CHECKSUM_UNKNOWN;
	work->egress = egress;
	work->raise = 0;
	return REASON_PASSED_TO_TC;
}

/* The slot of the connection in hand. */
static __always_inline struct late_slot *late_slot(const struct late_work *work)
{
	__u32 index = work->slot;

	return bpf_map_lookup_elem(&late_slots, &index);
}

static __always_inline __u32 ip_size_of(const struct packet *p)
{
	return p->family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
}

static __always_inline __u32 payload_length(const struct packet *p)
{
	return p->length - (p->l4 - p->l3) - p->l4_length;
}

/*
 * Learns whether the checksum of the packet in hand is partial, which the kernel does not tell: a
 * change that is not of the pseudo-header leaves a partial one alone. Only for who writes: a packet
 * that has been written is of the same kind.
 */
static __always_inline bool late_learn_checksum(struct __sk_buff *skb, struct late_work *work)
{
	__u32 check = work->p.l4 + offsetof(struct tcphdr, check);
	__u16 before, after;

	if (work->checksum != CHECKSUM_UNKNOWN)
		return true;
	if (bpf_skb_load_bytes(skb, check, &before, sizeof(before)) ||
	    bpf_l4_csum_replace(skb, check, 0, 1, 0) ||
	    bpf_skb_load_bytes(skb, check, &after, sizeof(after)))
		return false;
	work->checksum = before == after ? CHECKSUM_OF_PSEUDO_HEADER : CHECKSUM_WHOLE;
	/* A sum that the hardware made of the packet knows nothing of the trial. */
	return before == after || !bpf_skb_store_bytes(skb, check, &before, sizeof(before), 0);
}

#endif
