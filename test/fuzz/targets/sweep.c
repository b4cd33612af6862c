// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The sweep over tables of any content: it removes the halves that are idle together with their
 * peers, counts what stays and what no target has answered in time, and touches nothing else.
 *
 * Input: four timeouts in ticks of 2^24 ns, then flow halves: a byte each of table (1), key, peer's
 * key, direction (1), state (2), whether a SYN was seen (1) and whether packets were (1), target,
 * and ticks since it was made and saw a packet. The third timeout is also that of answers, and the
 * fourth says how long ago the sweep before was, if there was one.
 */
#include "program.h"

#define MAX_HALVES    48
#define TICK_NS	      (1ull << 24)
#define NOW_NS	      (1ull << 40)
#define TARGETS	      4
#define KEYS	      16
#define UNANSWERED_AT offsetof(struct target_counters, unanswered)

/* One half, as the input describes it. */
struct half {
	bool in_pending;
	uint8_t key, peer, direction, state, target, idle;
	bool has_syn, has_packets;
	bool stays; /* expected */
};

struct expected {
	uint64_t flows, pending, expired, per_target[TARGETS];
	uint64_t unanswered[TARGETS], failures;
};

/* The n-th key: port n at either end. */
static struct flow_key key_number(uint8_t n)
{
	return (struct flow_key){
		.sport = bpf_htons(1000 + n), .dport = bpf_htons(n), .protocol = 6};
}

static bool has_key(const struct half *h, bool in_pending, uint8_t key)
{
	return h->in_pending == in_pending && h->key == key;
}

/* Later halves of a key replace earlier ones. */
static size_t take_halves(struct cursor *c, struct half *halves)
{
	size_t count = 0;

	while (c->left && count < MAX_HALVES) {
		struct half h = {.in_pending = take8(c) & 1};
		size_t at = 0;

		h.key = take8(c) % KEYS;
		h.peer = take8(c) % KEYS;
		h.direction = take8(c);
		h.state = h.direction >> 1 & 3;
		h.has_syn = h.direction >> 3 & 1;
		h.has_packets = h.direction >> 4 & 1;
		h.direction &= 1;
		h.target = take8(c) % TARGETS;
		h.idle = take8(c);
		while (at < count && !has_key(&halves[at], h.in_pending, h.key))
			at++;
		halves[at] = h;
		count += at == count;
	}
	return count;
}

static void enter_half(const struct half *h)
{
	struct flow_key key = key_number(h->key), peer = key_number(h->peer);
	struct flow flow = {
		.sport = peer.dport,
		.dport = peer.sport,
		.direction = h->direction,
		.state = h->state,
		.target = h->target,
		.seen_ns = NOW_NS - h->idle * TICK_NS,
		.created_ns = NOW_NS - h->idle * TICK_NS,
		.isn = h->has_syn,
		.packets = h->has_packets,
	};

	map_update(map_named(h->in_pending ? "pending" : "flows"), &key, &flow, BPF_ANY);
}

static bool is_idle(const struct half *h, const uint8_t *timeouts)
{
	return h->idle > timeouts[h->state];
}

/* The half of the other direction, which must point back. */
static const struct half *peer_of(const struct half *h, const struct half *halves, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has_key(&halves[i], h->in_pending, h->peer) && halves[i].peer == h->key)
			return &halves[i];
	return NULL;
}

/* True when the target's time to answer ended between the sweep before and this one. */
static bool is_unanswered(const struct half *h, const struct half *peer, const uint8_t *timeouts)
{
	uint8_t allowed = timeouts[FLOW_STATE_CLOSING], since_last = timeouts[FLOW_STATE_UDP];
	bool waits = h->direction == FLOW_DIRECTION_REPLY && h->state == FLOW_STATE_SYN &&
		     !h->has_syn && peer && peer->has_packets;

	return waits && since_last && h->idle >= allowed && h->idle - since_last < allowed;
}

static void expect(struct half *halves, size_t count, const uint8_t *timeouts, struct expected *e)
{
	for (size_t i = 0; i < count; i++) {
		struct half *h = &halves[i];
		const struct half *peer = peer_of(h, halves, count);

		h->stays = !is_idle(h, timeouts) || (peer && !is_idle(peer, timeouts));
		e->expired += !h->stays;
		if (is_unanswered(h, peer, timeouts)) {
			e->unanswered[h->target]++;
			e->failures++;
		}
		if (!h->stays || h->direction == FLOW_DIRECTION_REPLY ||
		    h->state == FLOW_STATE_CLOSING)
			continue;
		e->per_target[h->target]++;
		if (h->in_pending)
			e->pending++;
		else
			e->flows++;
	}
}

static void check_tables(const struct half *halves, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct flow_key key = key_number(halves[i].key);
		void *found =
			map_lookup(map_named(halves[i].in_pending ? "pending" : "flows"), &key);

		FUZZ_CHECK(!found == !halves[i].stays, "key %u of %s", halves[i].key,
			   halves[i].in_pending ? "pending" : "flows");
	}
}

/* By how much the counter at `offset` of an entry has grown. */
static __u64 growth(const char *name, __u32 index, __u32 offset)
{
	struct map *map = map_named(name);
	__u64 before, after;

	memcpy(&after, (unsigned char *)map_lookup(map, &index) + offset, sizeof(after));
	memcpy(&before, map->array.before[index] + offset, sizeof(before));
	return after - before;
}

static void check_counts(const struct sweep_args *args, const struct expected *e)
{
	FUZZ_CHECK(args->active == e->flows, "%llu, not %lu", args->active, e->flows);
	FUZZ_CHECK(args->pending == e->pending, "%llu, not %lu", args->pending, e->pending);
	FUZZ_CHECK(args->expired == e->expired, "%llu, not %lu", args->expired, e->expired);
	FUZZ_CHECK(args->now_ns == NOW_NS, "%llu", args->now_ns);
	FUZZ_CHECK(growth("failures", 0, 0) == e->failures, "failures");
	for (__u32 target = 0; target < TARGETS; target++) {
		__u64 *active = map_lookup(map_named("target_active"), &target);

		__u64 unanswered = growth("target_stats", target, UNANSWERED_AT);

		FUZZ_CHECK(active && *active == e->per_target[target], "target %u", target);
		FUZZ_CHECK(unanswered == e->unanswered[target], "target %u: %lu, not %lu", target,
			   (unsigned long)unanswered, e->unanswered[target]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {data, size};
	struct half halves[MAX_HALVES];
	struct expected e = {};
	struct sweep_args args;
	uint8_t timeouts[4];
	uint64_t before = 7; /* flows that the last sweep found */
	size_t count;

	/* So many that each sweep would take milliseconds to clear them. */
	map_named("target_active")->max_entries = TARGETS;
	take(&c, timeouts, sizeof(timeouts));
	count = take_halves(&c, halves);
	for (__u32 i = 0; i < map_count; i++)
		map_reset(&maps[i]);
	for (size_t i = 0; i < count; i++)
		enter_half(&halves[i]);
	for (__u32 target = 0; target < TARGETS; target++)
		map_update(map_named("target_active"), &target, &before, BPF_ANY);
	clock_set(NOW_NS);
	expect(halves, count, timeouts, &e);
	args = (struct sweep_args){
		.syn_timeout_ns = timeouts[FLOW_STATE_SYN] * TICK_NS,
		.established_timeout_ns = timeouts[FLOW_STATE_ESTABLISHED] * TICK_NS,
		.closing_timeout_ns = timeouts[FLOW_STATE_CLOSING] * TICK_NS,
		.udp_timeout_ns = timeouts[FLOW_STATE_UDP] * TICK_NS,
		.answer_timeout_ns = timeouts[FLOW_STATE_CLOSING] * TICK_NS,
		.last_ns =
			timeouts[FLOW_STATE_UDP] ? NOW_NS - timeouts[FLOW_STATE_UDP] * TICK_NS : 0,
		.active = 99,
		.pending = 99,
		.expired = 99,
	};
	FUZZ_CHECK(sweep(&args) == 0, "the sweep fails");
	check_tables(halves, count);
	check_counts(&args, &e);
	return 0;
}
