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
#include "icmp_error.h"

enum { ERROR_REPLY = 1, ERROR_ROUTER = 2, ERROR_NO_FLOW = 4, ERROR_PENDING = 8 };

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

/* Whether an IPv6 packet of `r` has an address that means IPv4. */
static bool is_mapped(const struct recipe *r)
{
	struct address src = recipe_address(r, r->src), dst = recipe_address(r, r->dst);

	return r->v6 && (address_is_v4(&src) || address_is_v4(&dst));
}

static void check_error(const struct icmp_error *before, const struct icmp_error *after)
{
	uint8_t frame[ICMP_ERROR_MAX], expected[ICMP_ERROR_MAX], result[ICMP_ERROR_MAX];
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

/* Makes `e` the error about a packet of `r`, sent by its receiver or a router. */
static void error_about(struct icmp_error *e, const struct recipe *r, const uint8_t *router)
{
	recipe_write(r, e->quote);
	memcpy(e->src, router ? router : r->dst, 16);
	memcpy(e->dst, r->src, 16);
}

/*
 * The same about the packet before its rewrite. TCP's checksum stays as it was quoted: it lies
 * behind the bytes that every error quotes, so nobody can rely on it.
 */
static void expect_translated(struct icmp_error *e, const struct recipe *sent,
			      const uint8_t *router)
{
	size_t check = recipe_ip_length(sent) + recipe_check_offset(sent);
	uint8_t quoted[2] = {e->quote[check], e->quote[check + 1]};

	error_about(e, sent, router);
	if (sent->protocol == PROTOCOL_TCP)
		memcpy(e->quote + check, quoted, sizeof(quoted));
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
	sent = options & ERROR_REPLY ? recipe_turned(&to) : from;
	seen = options & ERROR_REPLY ? recipe_turned(&from) : to;

	before.v6 = from.v6;
	before.quote_length = quote_length % (recipe_length(&seen) + 1);
	if (from.v6)
		router_address[0] |= 0x20; /* not one that looks like IPv4 */
	else
		memset(router_address + 4, 0, 12);
	router = options & ERROR_ROUTER ? router_address : NULL;
	if (router && !memcmp(router, seen.dst, 16))
		router = NULL;
	error_about(&before, &seen, router);
	if (is_mapped(&seen))
		return 0;

	for (__u32 i = 0; i < map_count; i++)
		map_reset(&maps[i]);
	draft_of(&draft, &from, &to);
	if (!memcmp(&draft.key, &draft.reply_key, sizeof(draft.key)))
		return 0;
	after = before;
	if (!(options & ERROR_NO_FLOW)) {
		enter_flow(&draft, options & ERROR_PENDING);
		if (is_error_type(&before) && !(from.v6 && from.options) &&
		    before.quote_length >= recipe_ip_length(&seen) + 8)
			expect_translated(&after, &sent, router);
	}
	check_error(&before, &after);
	return 0;
}
