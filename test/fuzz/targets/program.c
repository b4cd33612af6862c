// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The whole program: packets of a few hosts, one after another, at any hook. No sanitizer finds
 * anything; nothing is aborted; every packet is counted for one reason, which says what became of
 * it; what is passed is untouched; what is forwarded has sound checksums if it had.
 *
 * Input: options of the stage, then packets until it ends: see take_packet().
 */
#include "stage.h"
#include "icmp_error.h"
#include "naive_parser.h"

#define MAX_PACKETS 24
#define FRAME_MAX   ICMP_ERROR_MAX

enum packet_kind { KIND_RECIPE, KIND_PATCHED, KIND_ERROR, KIND_BYTES };

struct event {
	enum hook hook;
	uint32_t ifindex;
	uint8_t gso_size;
	bool partial;
	uint8_t linear; /* bytes that are; 0 means all */
	uint8_t frame[FRAME_MAX];
	size_t size;
};

/* The frame that went out last, for errors to quote. */
struct sent {
	uint8_t frame[FRAME_MAX];
	size_t size;
};

static void take_sound(struct cursor *c, struct event *e)
{
	struct recipe r = {};
	uint8_t kind = take8(c), places = take8(c), ports = take8(c);

	r.v6 = kind & 1;
	r.protocol = kind & 2 ? PROTOCOL_TCP : PROTOCOL_UDP;
	r.udp_without_checksum = kind & 4;
	r.partial = e->partial;
	r.ttl = kind & 8 ? 1 : 64;
	r.options = kind >> 4 & 3;
	stage_address(r.v6, places >> 4, r.src);
	stage_address(r.v6, places & 15, r.dst);
	r.sport = stage_ports[ports >> 2 & 3];
	r.dport = stage_ports[ports & 3];
	if (r.protocol == PROTOCOL_TCP) {
		r.flags = take8(c);
		r.seq = take8(c) << 13; /* steps in which FIN and RST become implausible */
		r.ack = take8(c) << 13;
	}
	r.payload_length = take8(c) % RECIPE_PAYLOAD;
	take(c, r.payload, r.payload_length);
	write_ethernet(e->frame, r.v6);
	e->size = ETH_LENGTH + recipe_write(&r, e->frame + ETH_LENGTH);
}

static void take_patches(struct cursor *c, struct event *e)
{
	for (uint8_t left = take8(c) % 8; left; left--) {
		uint8_t at = take8(c);

		e->frame[at % e->size] = take8(c);
	}
}

static void take_error(struct cursor *c, struct event *e, const struct sent *last)
{
	struct icmp_error error = {.v6 = last->frame[12] == 0x86, .type = take8(c) % 16};
	uint8_t places = take8(c);

	stage_address(error.v6, places >> 4, error.src);
	stage_address(error.v6, places & 15, error.dst);
	error.quote_length = take8(c);
	if (error.quote_length > last->size - ETH_LENGTH)
		error.quote_length = last->size - ETH_LENGTH;
	if (error.quote_length > RECIPE_MAX)
		error.quote_length = RECIPE_MAX;
	memcpy(error.quote, last->frame + ETH_LENGTH, error.quote_length);
	e->size = write_error(&error, e->frame);
}

/* Reads a packet and how it comes in; gives whether its checksums are sound. */
static bool take_packet(struct cursor *c, struct event *e, const struct sent *last)
{
	uint8_t way = take8(c), oddity = take8(c);
	enum packet_kind kind = oddity & 3;

	memset(e, 0, sizeof(*e));
	e->hook = (way & 3) % HOOK_COUNT;
	e->ifindex = way & 4 ? STAGE_BACK : STAGE_FRONT;
	clock_set(clock_now() + (way >> 3 & 3) * (EPOCH_NS / 2));
	e->partial = oddity & 4 && e->hook != HOOK_XDP_INGRESS;
	e->gso_size = oddity & 8 ? 100 : 0;
	e->linear = oddity & 16 ? take8(c) : 0;
	if (kind == KIND_ERROR && last->size > ETH_LENGTH) {
		e->partial = false;
		take_error(c, e, last);
		return true;
	}
	if (kind == KIND_BYTES) {
		e->size = take8(c);
		take(c, e->frame, e->size);
		return false;
	}
	take_sound(c, e);
	if (kind == KIND_PATCHED)
		take_patches(c, e);
	return kind == KIND_RECIPE;
}

static void begin(const struct event *e)
{
	bool xdp = e->hook == HOOK_XDP_INGRESS;

	skb_begin(xdp ? SKB_XDP : SKB_TC, e->frame, e->size,
		  xdp || !e->linear ? e->size : e->linear);
	if (xdp) {
		skb.context.xdp.ingress_ifindex = e->ifindex;
		return;
	}
	skb.context.tc.ifindex = e->ifindex;
	skb.context.tc.gso_size = e->gso_size;
	skb.context.tc.gso_segs = e->gso_size ? 2 : 0;
	if (e->partial)
		skb_set_partial();
}

/* The one reason that was counted; the number of counts that grew goes to `counts`. */
static uint32_t reason_counted(enum hook hook, uint32_t *counts)
{
	const struct array *array = &map_named("reason_stats")->array;
	uint32_t reason = 0;

	*counts = 0;
	for (__u32 i = 0; i < array->touched_count; i++) {
		__u32 index = array->touched[i];
		__u64 before, after;

		memcpy(&before, array->before[index], sizeof(before));
		memcpy(&after, array->values[index], sizeof(after));
		*counts += after - before;
		if (after != before && index / REASON_STRIDE == hook)
			reason = index % REASON_STRIDE;
	}
	return reason;
}

static void check_verdict(const struct event *e, int verdict, uint32_t reason)
{
	bool xdp = e->hook == HOOK_XDP_INGRESS, forwarded = reason < REASON_PASSED_NOT_IP;
	int pass = xdp ? XDP_PASS : TC_ACT_UNSPEC, drop = xdp ? XDP_DROP : TC_ACT_SHOT;
	int redirect = xdp ? XDP_REDIRECT : TC_ACT_REDIRECT;

	FUZZ_CHECK(reason != REASON_NONE, "a packet without a reason");
	if (reason >= REASON_DROPPED_NO_TARGET)
		FUZZ_CHECK(verdict == drop, "reason %u, verdict %d", reason, verdict);
	else if (!forwarded)
		FUZZ_CHECK(verdict == pass, "reason %u, verdict %d", reason, verdict);
	else
		FUZZ_CHECK(verdict == redirect || (!xdp && verdict == pass), "%u, %d", reason,
			   verdict);
	FUZZ_CHECK(reason != REASON_DROPPED_REWRITE_FAILED, "a rewrite failed");
	FUZZ_CHECK(skb.redirect.asked == (verdict == redirect), "verdict %d", verdict);
}

/* Whether the transport checksum of a whole IP packet is right. */
static bool is_sound(const uint8_t *frame, size_t size, bool partial)
{
	struct naive_frame f = {frame, size, size, false};
	struct naive_packet n = {};
	size_t width;
	uint64_t pseudo, sum;

	if (naive_parse(&f, &n) || n.first || n.later)
		return true;
	if (n.version == 4 && sum_reduce(sum_bytes(frame + 14, n.transport - 14)) != 0xffff)
		return false;
	if (partial || (n.protocol == 17 && !naive_number(&f, n.transport + 6, 2)))
		return true;
	width = n.version == 4 ? 8 : 32;
	pseudo = n.protocol == 1 ? 0
				 : sum_bytes(frame + (n.version == 4 ? 26 : 22), width) +
					   n.protocol + n.end - n.transport;
	sum = pseudo + sum_bytes(frame + n.transport, n.end - n.transport);
	return sum_reduce(sum) == 0xffff;
}

static void check_frame(const struct event *e, bool sound, uint32_t reason, struct sent *last)
{
	uint32_t length = skb_length();
	uint8_t *result = malloc(length ? length : 1);

	FUZZ_CHECK(result && skb_read(0, result, length), "the frame cannot be read");
	if (reason >= REASON_PASSED_NOT_IP && reason < REASON_DROPPED_NO_TARGET)
		FUZZ_CHECK(length == e->size && !memcmp(result, e->frame, length),
			   "passed for %u, but changed", reason);
	if (reason < REASON_PASSED_NOT_IP) {
		FUZZ_CHECK(length <= FRAME_MAX, "grown to %u bytes", length);
		FUZZ_CHECK(length == e->size || reason == REASON_FORWARDED_TOO_BIG,
			   "%u bytes, not %zu", length, e->size);
		FUZZ_CHECK(!sound || is_sound(result, length, e->partial),
			   "wrong checksum, reason %u", reason);
		memcpy(last->frame, result, length);
		last->size = length;
	}
	free(result);
}

/* What must hold of every half in a table. */
static void check_table(const char *name)
{
	const struct map *map = map_named(name);

	for (__u32 i = 0; i < MAP_BUCKETS; i++) {
		for (const struct element *at = map->buckets[i]; at; at = at->next) {
			const struct flow_key *key = (const void *)at->key;
			const struct flow *flow = (const void *)at->value;
			bool udp = key->protocol == PROTOCOL_UDP;

			FUZZ_CHECK(udp || key->protocol == PROTOCOL_TCP, "protocol %u",
				   key->protocol);
			FUZZ_CHECK(flow->direction <= FLOW_DIRECTION_REPLY, "direction");
			FUZZ_CHECK(flow->state <= FLOW_STATE_UDP, "state %u", flow->state);
			FUZZ_CHECK(!udp || flow->state == FLOW_STATE_UDP, "UDP in state %u",
				   flow->state);
			FUZZ_CHECK(address_is_v4(&key->src) == address_is_v4(&flow->src),
				   "a flow from one family to the other");
			FUZZ_CHECK(flow->seen_ns >= flow->created_ns, "seen before it was made");
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {data, size};
	static struct event e;
	struct sent last = {};

	clock_set(1000 * EPOCH_NS);
	stage_set(take8(&c));
	for (int i = 0; c.left && i < MAX_PACKETS; i++) {
		uint32_t numbers[2] = {take8(&c), 0};
		bool sound = take_packet(&c, &e, &last);
		uint32_t counts, reason;
		int verdict;

		chance_set(numbers, 2);
		begin(&e);
		maps_before_packet();
		verdict = programs_run(e.hook, &skb);
		reason = reason_counted(e.hook, &counts);
		FUZZ_CHECK(counts == 1, "counted %u times", counts);
		check_verdict(&e, verdict, reason);
		check_frame(&e, sound, reason, &last);
		check_table("flows");
		check_table("pending");
	}
	return 0;
}
