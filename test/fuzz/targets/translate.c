// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The translation of sequence numbers, acknowledgements, SACK edges and windows, together with the
 * rewrite, at TC and (without options) at XDP: every byte of the result must be that of a packet
 * made from scratch with the other numbers, so its checksum is that of a full computation.
 *
 * Input: a byte of options (1: partial checksum, 2: a packet of the reply half, 4: only the headers
 * are linear), a recipe, the addresses and ports after the rewrite, the window, both differences,
 * the scales, TCP options.
 */
#include "rewrite.h"

#define NAIVE_SYN   0x02
#define NAIVE_ACK   0x10
#define NAIVE_SCALE 8 /* what every client is told, docs/sni.md */
#define NAIVE_EDGES 8 /* four blocks, RFC 2018, 3 */

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* The first SACK option, RFC 2018: whole edges in it move by `delta`. */
static void naive_sack(uint8_t *options, size_t length, uint32_t delta)
{
	for (size_t at = 0; at < length && options[at] != 0;) {
		size_t size = options[at] == 1 ? 1 : at + 1 < length ? options[at + 1] : 0;

		if (options[at] != 1 && (size < 2 || at + size > length))
			return;
		if (options[at] == 5) {
			for (size_t i = 0; i < NAIVE_EDGES && 2 + 4 * i + 4 <= size; i++)
				put32(options + at + 2 + 4 * i,
				      get32(options + at + 2 + 4 * i) + delta);
			return;
		}
		at += size;
	}
}

/* RFC 7323, 2.3: a window counts in units that each side has told the other in its SYN. */
static uint32_t naive_window(uint32_t window, uint8_t scales, bool reply)
{
	uint64_t bytes = (uint64_t)window << (reply ? scales & 15 : scales >> 4);

	if (scales == 0xff)
		return window;
	if (reply)
		bytes >>= NAIVE_SCALE;
	return bytes > 65535 ? 65535 : bytes;
}

static struct recipe naive_translate(const struct recipe *from, const struct flow *flow, bool reply)
{
	struct recipe to = *from;

	to.seq += flow->seq_delta;
	if (from->flags & NAIVE_ACK)
		to.ack += flow->ack_delta;
	if (!(from->flags & NAIVE_SYN))
		to.window = naive_window(from->window, flow->scales, reply);
	naive_sack(to.tcp_options, to.tcp_options_length, flow->ack_delta);
	return to;
}

static void take_tcp_options(struct cursor *c, struct recipe *r)
{
	r->tcp_options_length = 4 * (take8(c) % (RECIPE_TCP_OPTIONS / 4 + 1));
	take(c, r->tcp_options, r->tcp_options_length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {data, size};
	uint8_t options = take8(&c);
	bool reply = options & OPTION_REPLY;
	struct recipe from, to;
	struct flow_draft draft;
	struct flow *flow = reply ? &draft.reply : &draft.forward;

	take_recipe(&c, &from);
	from.protocol = PROTOCOL_TCP;
	from.partial = options & OPTION_PARTIAL;
	to = take_rewrite(&c, &from);
	draft_of(&draft, &from, &to);
	if (reply) {
		struct recipe answer = recipe_turned(&from);

		answer.ttl = to.ttl;
		to.ttl = from.ttl;
		from = recipe_turned(&to);
		to = answer;
	}
	from.window = take16(&c);
	flow->seq_delta = take32(&c);
	flow->ack_delta = take32(&c);
	flow->scales = take8(&c);
	flow->flags |= FLOW_FLAG_LATE;
	take_tcp_options(&c, &from);
	to.window = from.window;
	to.tcp_options_length = from.tcp_options_length;
	memcpy(to.tcp_options, from.tcp_options, sizeof(to.tcp_options));
	to = naive_translate(&to, flow, reply);
	check_xdp(&from, &to, flow);
	check_tc(&from, &to, flow, options & OPTION_NONLINEAR);
	return 0;
}
