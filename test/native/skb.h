/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The packet in hand: an sk_buff with a linear part, which programs may read, and the rest, which
 * only helpers reach; or an XDP frame, which is all linear.
 */
#ifndef NATIVE_SKB_H
#define NATIVE_SKB_H

#include <stdbool.h>
#include <linux/bpf.h>

/* BPF_SKB_MAX_LEN in net/core/filter.c: two pages' order less the shared info (x86-64). */
#define SKB_MAX_LENGTH (16384u - 320u)

#define SKB_MAX_COPIES 16

enum skb_kind {
	SKB_TC,
	SKB_XDP,
};

/* What a program has asked for by a redirecting helper. */
struct redirect {
	bool asked;
	bool resolve; /* the kernel fills in MAC addresses */
	__u32 ifindex;
};

/* A copy that the program has sent on its way. */
struct copy {
	__u32 ifindex;
	__u32 length;
	unsigned char *frame; /* an allocation of its own */
};

struct skb {
	/* What the program gets as its context. */
	union {
		struct __sk_buff tc;
		struct xdp_md xdp;
	} context;
	enum skb_kind kind;
	unsigned char *linear;
	__u32 linear_length;
	unsigned char *rest; /* an allocation of its own */
	__u32 rest_length;
	bool complete;	   /* CHECKSUM_COMPLETE; see skb_sum.h */
	__u32 sum;	   /* complete: of all bytes from the network header on */
	bool partial;	   /* CHECKSUM_PARTIAL */
	__u32 check_start; /* partial: the transport header */
	__u32 check_end;   /* partial: behind the checksum field */
	struct redirect redirect;
	struct copy copies[SKB_MAX_COPIES];
	__u32 copy_count;
};

/* The packet in hand. */
extern struct skb skb;

/* Takes a new packet in hand, of which `linear` bytes are readable. All else is zeroed. */
void skb_begin(enum skb_kind kind, const unsigned char *frame, __u32 length, __u32 linear);

/* Says that the transport checksum is partial; nothing if there is no TCP or UDP header. */
void skb_set_partial(void);

__u32 skb_length(void);

/* The packet `context` belongs to; the process ends if that is not the one in hand. */
struct skb *skb_of(const void *context);

/* skb_ensure_writable(): makes `length` bytes linear. False if there are not so many. */
bool skb_pull(__u32 length);

/* Copies out of linear part and rest. False beyond the end. */
bool skb_read(__u32 offset, void *to, __u32 length);

/* Zero bytes in front; the packet is cut, or filled with zeros, to a new length. */
void skb_push(__u32 length);
void skb_resize(__u32 length);

#endif
