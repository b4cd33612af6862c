// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The rewrite, at XDP and at TC, of a sound packet in either direction of a flow: every byte of the
 * result must be that of a packet made from scratch, so its checksums are those of a full
 * computation. Covers UDP without checksum (RFC 768) and partial checksums at TC.
 *
 * Input: a byte of options (1: partial checksum, 2: a packet of the reply half, 4: only the headers
 * are linear), a recipe, the addresses and ports after the rewrite.
 */
#include "program.h"

enum { OPTION_PARTIAL = 1, OPTION_REPLY = 2, OPTION_NONLINEAR = 4 };

#define FRAME_MAX (ETH_LENGTH + RECIPE_MAX)

static size_t frame_of(const struct recipe *r, uint8_t *frame)
{
	write_ethernet(frame, r->v6);
	return ETH_LENGTH + recipe_write(r, frame + ETH_LENGTH);
}

static void check_packet(const char *hook, const struct recipe *to, const uint8_t *result)
{
	uint8_t expected[FRAME_MAX];
	size_t size = frame_of(to, expected);

	for (size_t i = ETH_LENGTH; i < size; i++)
		FUZZ_CHECK(result[i] == expected[i],
			   "%s: byte %zu (check at %zu) is %02x, not %02x", hook, i,
			   ETH_LENGTH + recipe_ip_length(to) + recipe_check_offset(to), result[i],
			   expected[i]);
}

static void check_xdp(const struct recipe *from, const struct recipe *to, const struct flow *flow)
{
	uint8_t frame[FRAME_MAX];
	size_t size = frame_of(from, frame);
	struct packet p = {};

	if (from->partial) /* XDP is for devices that give whole checksums */
		return;
	skb_begin(SKB_XDP, frame, size, size);
	if (parse_frame(skb.linear, skb.linear + size, size, false, &p))
		return; /* addresses that the parser refuses */
	FUZZ_CHECK(rewrite_xdp(&skb.context.xdp, &p, flow), "XDP refuses a sound packet");
	check_packet("XDP", to, skb.linear);
}

static void check_tc(const struct recipe *from, const struct recipe *to, const struct flow *flow,
		     bool nonlinear)
{
	uint8_t frame[FRAME_MAX], result[FRAME_MAX];
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {data, size};
	uint8_t options = take8(&c);
	struct flow_draft draft;
	struct recipe from, to;

	take_recipe(&c, &from);
	from.partial = options & OPTION_PARTIAL && !from.udp_without_checksum;
	to = take_rewrite(&c, &from);
	draft_of(&draft, &from, &to);
	if (options & OPTION_REPLY) {
		struct recipe reply = recipe_turned(&to), answer = recipe_turned(&from);

		reply.ttl = from.ttl;
		answer.ttl = to.ttl;
		check_xdp(&reply, &answer, &draft.reply);
		check_tc(&reply, &answer, &draft.reply, options & OPTION_NONLINEAR);
	} else {
		check_xdp(&from, &to, &draft.forward);
		check_tc(&from, &to, &draft.forward, options & OPTION_NONLINEAR);
	}
	return 0;
}
