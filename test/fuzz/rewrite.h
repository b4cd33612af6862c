/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The rewrite, at XDP and at TC, of a packet made by one recipe: every byte of the result must be
 * that of a packet made from scratch by another.
 */
#ifndef SLUICE_FUZZ_REWRITE_H
#define SLUICE_FUZZ_REWRITE_H

#include "program.h"

#define REWRITTEN_MAX (ETH_LENGTH + RECIPE_MAX)

/* The first byte of an input. */
enum { OPTION_PARTIAL = 1, OPTION_REPLY = 2, OPTION_NONLINEAR = 4 };

static inline size_t frame_of(const struct recipe *r, uint8_t *frame)
{
	write_ethernet(frame, r->v6);
	return ETH_LENGTH + recipe_write(r, frame + ETH_LENGTH);
}

static inline void check_packet(const char *hook, const struct recipe *to, const uint8_t *result)
{
	uint8_t expected[REWRITTEN_MAX];
	size_t size = frame_of(to, expected);

	for (size_t i = ETH_LENGTH; i < size; i++)
		FUZZ_CHECK(result[i] == expected[i],
			   "%s: byte %zu (check at %zu) is %02x, not %02x", hook, i,
			   ETH_LENGTH + recipe_ip_length(to) + recipe_check_offset(to), result[i],
			   expected[i]);
}

static inline void check_xdp(const struct recipe *from, const struct recipe *to,
			     const struct flow *flow)
{
	uint8_t frame[REWRITTEN_MAX];
	size_t size = frame_of(from, frame);
	struct packet p = {};

	/* XDP is for devices that give whole checksums, and leaves options to TC where they matter
	 */
	if (from->partial || from->tcp_options_length)
		return;
	skb_begin(SKB_XDP, frame, size, size);
	if (parse_frame(skb.linear, skb.linear + size, size, false, &p))
		return; /* addresses that the parser refuses */
	FUZZ_CHECK(rewrite_xdp(&skb.context.xdp, &p, flow), "XDP refuses a sound packet");
	check_packet("XDP", to, skb.linear);
}

static inline void check_tc(const struct recipe *from, const struct recipe *to,
			    const struct flow *flow, bool nonlinear)
{
	uint8_t frame[REWRITTEN_MAX], result[REWRITTEN_MAX];
	size_t size = frame_of(from, frame);
	struct packet p = {};

	skb_begin(SKB_TC, frame, size, nonlinear ? size - from->payload_length : size);
	if (from->partial)
		skb_set_partial();
	if (parse_frame(skb.linear, skb.linear + skb.linear_length, size, false, &p))
		return;
	FUZZ_CHECK(rewrite_skb(&skb.context.tc, &p, flow, 1), "TC refuses a sound packet");
	FUZZ_CHECK(skb_read(0, result, size), "the packet is shorter than before");
	check_packet("TC", to, result);
}

#endif
