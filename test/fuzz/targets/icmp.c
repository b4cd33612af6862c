// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * ICMP and ICMPv6 errors about packets of a flow, through tc_egress: what comes out must be, byte
 * by byte, the error as it would have been made about the packet before its rewrite, with checksums
 * computed from scratch; and an error that is not to be translated must not be touched.
 *
 * Input: a byte of options (1: quotes a reply, 2: a router has sent it, 4: no such flow, 8: flow is
 * pending), type, code, the other four bytes of the ICMP header, length of the quote, the router's
 * address, the recipe of the client's packet, its addresses and ports after the rewrite.
 */
#include "program.h"

enum { OPTION_REPLY = 1, OPTION_ROUTER = 2, OPTION_NO_FLOW = 4, OPTION_PENDING = 8 };

#define ICMP_LENGTH 8
#define FRAME_MAX   (ETH_LENGTH + 40 + ICMP_LENGTH + RECIPE_MAX)

/* An error: from whom, to whom, about what. */
struct icmp_error {
	bool v6;
	uint8_t type, code;
	uint8_t word[4]; /* MTU, pointer or nothing */
	uint8_t src[16], dst[16];
	struct recipe quoted;
	uint8_t tcp_check[2]; /* of the quoted packet, as its sender never made it */
	size_t quote_length;
};

static size_t write_outer(const struct icmp_error *e, uint8_t *ip, size_t icmp_length)
{
	if (e->v6) {
		ip[0] = 0x60;
		put16(ip + 4, icmp_length);
		ip[6] = 58;
		ip[7] = 64;
		memcpy(ip + 8, e->src, 16);
		memcpy(ip + 24, e->dst, 16);
		return 40;
	}
	ip[0] = 0x45;
	put16(ip + 2, 20 + icmp_length);
	ip[8] = 64;
	ip[9] = 1;
	memcpy(ip + 12, e->src, 4);
	memcpy(ip + 16, e->dst, 4);
	put16(ip + 10, sum_checksum(sum_bytes(ip, 20)));
	return 20;
}

/* Writes the frame of an error; returns its length. */
static size_t write_error(const struct icmp_error *e, uint8_t *frame)
{
	size_t icmp_length = ICMP_LENGTH + e->quote_length;
	uint8_t quote[RECIPE_MAX], *icmp;
	uint64_t pseudo = 0;

	memset(frame, 0, FRAME_MAX);
	write_ethernet(frame, e->v6);
	icmp = frame + ETH_LENGTH + write_outer(e, frame + ETH_LENGTH, icmp_length);
	icmp[0] = e->type;
	icmp[1] = e->code;
	memcpy(icmp + 4, e->word, 4);
	recipe_write(&e->quoted, quote);
	if (e->quoted.protocol == PROTOCOL_TCP)
		memcpy(quote + recipe_ip_length(&e->quoted) + 16, e->tcp_check, 2);
	memcpy(icmp + ICMP_LENGTH, quote, e->quote_length);
	if (e->v6)
		pseudo = sum_bytes(e->src, 16) + sum_bytes(e->dst, 16) + 58 + icmp_length;
	put16(icmp + 2, sum_checksum(pseudo + sum_bytes(icmp, icmp_length)));
	return icmp + icmp_length - frame;
}

/* The TCP checksum that a packet of `r` has. */
static void note_tcp_check(struct icmp_error *e, const struct recipe *r)
{
	uint8_t bytes[RECIPE_MAX];

	recipe_write(r, bytes);
	memcpy(e->tcp_check, bytes + recipe_ip_length(r) + 16, 2);
}

static bool is_error_type(const struct icmp_error *e)
{
	if (e->v6)
		return e->type >= 1 && e->type <= 4;
	return e->type == 3 || e->type == 11 || e->type == 12;
}

/* Enters a flow with the halves of `draft`. */
static void enter_flow(struct flow_draft *draft, bool in_pending)
{
	struct map *table = map_named(in_pending ? "pending" : "flows");

	draft->forward.direction = FLOW_DIRECTION_FORWARD;
	draft->reply.direction = FLOW_DIRECTION_REPLY;
	map_update(table, &draft->key, &draft->forward, BPF_ANY);
	map_update(table, &draft->reply_key, &draft->reply, BPF_ANY);
}

static bool is_mapped(const struct icmp_error *e)
{
	struct address src = recipe_address(&e->quoted, e->src);
	struct address dst = recipe_address(&e->quoted, e->dst);

	return e->v6 && (address_is_v4(&src) || address_is_v4(&dst));
}

static void check_error(const struct icmp_error *before, const struct icmp_error *after)
{
	uint8_t frame[FRAME_MAX], expected[FRAME_MAX], result[FRAME_MAX];
	size_t size = write_error(before, frame);

	write_error(after, expected);
	skb_begin(SKB_TC, frame, size, size);
	maps_before_packet();
	FUZZ_CHECK(tc_egress(&skb.context.tc) == TC_ACT_UNSPEC, "dropped");
	FUZZ_CHECK(skb_length() == size && skb_read(0, result, size), "another length");
	for (size_t i = 0; i < size; i++)
		FUZZ_CHECK(result[i] == expected[i], "byte %zu is %02x, not %02x", i, result[i],
			   expected[i]);
}

/* The error about the packet `seen` by who sends the error. */
static void error_about(struct icmp_error *e, const struct recipe *seen, const uint8_t *router)
{
	e->quoted = *seen;
	memcpy(e->src, router ? router : seen->dst, 16);
	memcpy(e->dst, seen->src, 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {data, size};
	uint8_t options = take8(&c), router_address[16] = {}, *router;
	struct recipe from, to, sent, seen;
	struct icmp_error before = {}, after;
	struct flow_draft draft;
	uint8_t quote_length;

	before.type = take8(&c);
	before.code = take8(&c);
	take(&c, before.word, sizeof(before.word));
	quote_length = take8(&c);
	take(&c, router_address, sizeof(router_address));
	take_recipe(&c, &from);
	to = take_rewrite(&c, &from);
	to.ttl = from.ttl;
	sent = options & OPTION_REPLY ? recipe_turned(&to) : from;
	seen = options & OPTION_REPLY ? recipe_turned(&from) : to;

	before.v6 = from.v6;
	before.quote_length = quote_length % (recipe_length(&seen) + 1);
	if (from.v6)
		router_address[0] |= 0x20; /* not one that looks like IPv4 */
	else
		memset(router_address + 4, 0, 12);
	router = options & OPTION_ROUTER ? router_address : NULL;
	if (router && !memcmp(router, seen.dst, 16))
		router = NULL;
	error_about(&before, &seen, router);
	note_tcp_check(&before, &seen);
	if (is_mapped(&before))
		return 0;

	for (__u32 i = 0; i < map_count; i++)
		map_reset(&maps[i]);
	draft_of(&draft, &from, &to);
	if (!memcmp(&draft.key, &draft.reply_key, sizeof(draft.key)))
		return 0;
	after = before;
	if (!(options & OPTION_NO_FLOW)) {
		enter_flow(&draft, options & OPTION_PENDING);
		if (is_error_type(&before) && !(from.v6 && from.options) &&
		    before.quote_length >= recipe_ip_length(&seen) + 8)
			error_about(&after, &sent, router);
	}
	check_error(&before, &after);
	return 0;
}
