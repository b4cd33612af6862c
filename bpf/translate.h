/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Translation of the packets of a flow that was bound late (late.h): its two ends know different
 * sequence numbers of the target, ours and its own, and different window scales. The differences
 * are constant, so a packet costs three additions, here and in XDP.
 */
#ifndef SLUICE_TRANSLATE_H
#define SLUICE_TRANSLATE_H

#include "checksum.h"
#include "flow.h"

/* The window scale that we announce to every client that offers one: up to 16 MiB, by 256 bytes. */
#define LATE_SCALE 8

#define TCP_OPTIONS_MAX	    40
#define TCP_OPTION_END	    0
#define TCP_OPTION_NOP	    1
#define TCP_OPTION_MSS	    2
#define TCP_OPTION_SCALE    3
#define TCP_OPTION_SACK_OK  4
#define TCP_OPTION_SACK	    5
#define TCP_OPTION_WALK	    24 /* options looked at in one packet */
#define SACK_BLOCKS	    4  /* RFC 2018, 3 */
#define TCP_OPTIONS_MASK    63
#define TCP_OPTIONS_ROOM    (TCP_OPTIONS_MASK + 1 + 4) /* an edge may begin at the mask */
#define TCP_OFFSET_SEQUENCE 4

/* The sequence number, the acknowledgement, and the word of data offset, flags and window. */
struct tcp_middle {
	__be32 seq;
	__be32 ack;
	__be32 rest;
};

#define REST_FLAGS_SHIFT 16
#define REST_WINDOW	 0xffffu

/*
 * flow->scales: the lower four bits are of replies, the scale that the target announced. The upper
 * four are of the client's packets: its own scale if the target knows nothing of scales, else 0.
 * NO_SCALES: neither side scales.
 */
#define NO_SCALES 0xff

static __always_inline __u32 window_scaled(const struct flow *flow, __u32 window)
{
	if (flow->scales == NO_SCALES)
		return window;
	if (flow->direction == FLOW_DIRECTION_FORWARD)
		window <<= flow->scales >> 4;
	else
		window = (window << (flow->scales & 15)) >> LATE_SCALE;
	return window > 0xffff ? 0xffff : window;
}

static __always_inline void translate_middle(struct tcp_middle *tcp, const struct flow *flow)
{
	__u32 rest = bpf_ntohl(tcp->rest), flags = rest >> REST_FLAGS_SHIFT;

	tcp->seq = bpf_htonl(bpf_ntohl(tcp->seq) + flow->seq_delta);
	if (flags & TCP_ACK)
		tcp->ack = bpf_htonl(bpf_ntohl(tcp->ack) + flow->ack_delta);
	if (!(flags & TCP_SYN)) /* RFC 7323, 2.2 */
		tcp->rest =
			bpf_htonl((rest & ~REST_WINDOW) | window_scaled(flow, rest & REST_WINDOW));
}

/* What `to` adds to a checksum in place of `from`. */
static __always_inline __u64 middle_delta(const struct tcp_middle *from,
					  const struct tcp_middle *to)
{
	return (__u64)(__u32)~from->seq + (__u32)~from->ack + (__u32)~from->rest + to->seq +
	       to->ack + to->rest;
}

/* TCP options before and after, padded with zeros. */
struct tcp_options {
	__u8 from[TCP_OPTIONS_ROOM];
	__u8 to[TCP_OPTIONS_ROOM];
};

static __always_inline void sack_edge_translate(__u8 *edge, __u32 delta)
{
	__u32 number = ((__u32)edge[0] << 24 | edge[1] << 16 | edge[2] << 8 | edge[3]) + delta;

	edge[0] = number >> 24;
	edge[1] = number >> 16;
	edge[2] = number >> 8;
	edge[3] = number;
}

/* Translates the edges of a SACK option of `length` bytes at `at`; `to` has room beyond. */
static __always_inline void sack_translate(struct tcp_options *options, __u32 at, __u32 length,
					   __u32 delta)
{
	for (__u32 edge = 0; edge < 2 * SACK_BLOCKS; edge++) {
		if (2 + 4 * edge + 4 > length)
			return;
		sack_edge_translate(options->to + ((at + 2 + 4 * edge) & TCP_OPTIONS_MASK), delta);
	}
}

#endif
