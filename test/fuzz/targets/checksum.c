// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The rewrite, at XDP and at TC, of a sound packet in either direction of a flow: every byte of the
 * result must be that of a packet made from scratch, so its checksums are those of a full
 * computation. Covers UDP without checksum (RFC 768) and partial checksums at TC.
 *
 * Input: a byte of options (1: partial checksum, 2: a packet of the reply half, 4: only the headers
 * are linear), a recipe, the addresses and ports after the rewrite.
 */
#include "rewrite.h"

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
