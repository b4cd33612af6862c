/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Late binding, the beginning: SYNs are answered, and nothing is kept of them. */
#ifndef SLUICE_LATE_SYN_H
#define SLUICE_LATE_SYN_H

#include "late_write.h"

/* Notes an option of `kind` and `size` bytes. */
static __always_inline void late_note_option(struct syn_options *offered, const __u8 *option)
{
	switch (option[0]) {
	case TCP_OPTION_MSS:
		if (option[1] == 4)
			offered->mss = option[2] << 8 | option[3];
		break;
	case TCP_OPTION_SCALE:
		if (option[1] == 3)
			offered->scale = option[2] > MAX_SCALE ? MAX_SCALE : option[2];
		break;
	case TCP_OPTION_SACK_OK:
		offered->sack = 1;
		break;
	default:
		break;
	}
}

/* Reads what the SYN or SYN-ACK in hand offers into work->offered. */
__noinline int late_read_options(struct __sk_buff *skb)
{
	struct late_work *work = late_work();
	__u32 length, at = 0;

	if (!work) /* the verifier wants to see it */
		return false;
	work->offered.mss = work->p.family == AF_INET ? DEFAULT_MSS_V4 : DEFAULT_MSS_V6;
	work->offered.scale = NO_SCALE;
	work->offered.sack = 0;
	length = work->p.l4_length - sizeof(struct tcphdr);
	if (!length || length > TCP_OPTIONS_MAX)
		return true;
	__builtin_memset(work->piece, 0, TCP_OPTIONS_ROOM);
	length = ((length - 1) & TCP_OPTIONS_MASK) + 1; /* it is 1 to 40: tells the verifier */
	if (bpf_skb_load_bytes(skb, work->p.l4 + sizeof(struct tcphdr), work->piece, length))
		return false;
	for (int i = 0; i < TCP_OPTION_WALK; i++) {
		const __u8 *option = work->piece + (at & TCP_OPTIONS_MASK);
		__u32 size = option[0] == TCP_OPTION_NOP ? 1 : option[1];

		if (at >= length || option[0] == TCP_OPTION_END || !size || at + size > length)
			break;
		late_note_option(&work->offered, option);
		at += size;
	}
	return true;
}

/* Answers a SYN with a cookie. */
__noinline enum reason late_answer_syn(struct __sk_buff *skb, long *action)
{
	struct late_work *work = late_work();
	struct late_segment *s;
	__u32 isn, cookie;
	__u16 mss;

	if (!work || !action || !late_read_options(skb))
		return REASON_DROPPED_REWRITE_FAILED;
	mss = work->p.family == AF_INET ? MSS_V4 : MSS_V6;
	isn = bpf_ntohl(work->p.seq);
	cookie = cookie_make(&work->client, isn, cookie_options(&work->offered, 0));
	if (!cookie)
		return REASON_DROPPED_NOTHING_HELD;
	s = late_answer_segment(work, TCP_SYN | TCP_ACK);
	s->seq = cookie;
	s->ack = isn + 1;
	s->window = LATE_BYTES;
	s->has_options = 1;
	s->options = work->offered;
	s->options.mss = work->listener.mss && work->listener.mss < mss ? work->listener.mss : mss;
	if (s->options.scale != NO_SCALE)
		s->options.scale = LATE_SCALE;
	return late_answer(skb, work, REASON_FORWARDED_COOKIE, action);
}

#endif
