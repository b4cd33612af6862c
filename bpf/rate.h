/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Limits on new flows: so many a second of a source, and to a target, with a burst.
 *
 * A token bucket, kept as the time that it owes (the generic cell rate algorithm of ITU-T I.371):
 * each flow costs an interval, time pays back, and who owes more than the tolerance is refused.
 * Nothing is rounded but the interval, to a nanosecond.
 *
 * `spent_ns` is only ever added to; `start_ns` is only set when nothing is owed, to what makes it
 * so by the `spent_ns` that was read before. So CPUs that meet in a bucket lose no cost, by the one
 * atomic operation that every kernel compiles everywhere (arm64 has no compare-and-swap for
 * programs before Linux 5.18). Each of them may take the last token at the same moment: then the
 * bucket owes for all, and the next one comes later.
 */
#ifndef SLUICE_RATE_H
#define SLUICE_RATE_H

#include "address.h"
#include "select.h"
#include "stats.h"

/*
 * More intervals than the CPUs that meet in a bucket overdraw it by. Who owes more did so under
 * another rule, and is held to owe the most that one can under this.
 */
#define RATE_OVERDRAW 16

#define TARGET_LOOKS 16 /* targets of a pool that are asked, one after another, for room */

/* What a bucket owes, nanoseconds. */
static __always_inline __s64 rate_owed(struct rate_bucket *bucket, const struct rate_rule *rule,
				       __u64 now)
{
	__u64 spent = *(volatile __u64 *)&bucket->spent_ns;
	__s64 noted = *(volatile __u64 *)&bucket->start_ns + spent - now;
	__s64 owed = noted;

	if (noted < 0) /* nothing is saved up beyond the burst */
		owed = 0;
	else if (noted > (__s64)(rule->tolerance_ns + RATE_OVERDRAW * rule->interval_ns))
		owed = rule->tolerance_ns + rule->interval_ns;
	if (owed != noted)
		*(volatile __u64 *)&bucket->start_ns = now + owed - spent;
	return owed;
}

/* Lets one more flow take its cost out of a bucket; false if too much is owed already. */
static __always_inline bool rate_take(struct rate_bucket *bucket, const struct rate_rule *rule,
				      __u64 now)
{
	if (rate_owed(bucket, rule, now) > (__s64)rule->tolerance_ns)
		return false;
	__sync_fetch_and_add(&bucket->spent_ns, rule->interval_ns);
	return true;
}

static __always_inline void rate_note_refusal(struct rate_bucket *bucket, __u64 now)
{
	__sync_fetch_and_add(&bucket->refused, 1);
	bucket->refused_ns = now;
}

/* The source that a client belongs to. */
static __always_inline void rate_source_of(struct address *source, const struct address *client,
					   const struct source_limit *limit)
{
	const struct address *mask = address_is_v4(client) ? &limit->mask_v4 : &limit->mask_v6;
	const __u64 *bits = (const __u64 *)client->bytes, *kept = (const __u64 *)mask->bytes;
	__u64 *words = (__u64 *)source->bytes;

	words[0] = bits[0] & kept[0];
	words[1] = bits[1] & kept[1];
}

/*
 * True when a client may open another flow at a proxy. Where the table has no room for its source
 * it may: better than to keep clients out. The time is not the coarse one, by which a burst would
 * come but once a tick.
 */
__noinline bool rate_admits_source(__u32 proxy, const struct address *client)
{
	struct source_limit *limit = bpf_map_lookup_elem(&source_limits, &proxy);
	struct rate_source_key key = {.proxy = proxy};
	struct rate_bucket fresh = {}, *bucket;

	if (!client || !limit) /* another CPU may have lifted the limit a moment ago */
		return true;
	rate_source_of(&key.source, client, limit);
	fresh.start_ns = bpf_ktime_get_ns();
	fresh.spent_ns = limit->rule.interval_ns;
	bucket = bpf_map_lookup_elem(&rate_source, &key);
	if (!bucket && !bpf_map_update_elem(&rate_source, &key, &fresh, BPF_NOEXIST))
		return true;
	if (!bucket) /* another CPU may have been quicker */
		bucket = bpf_map_lookup_elem(&rate_source, &key);
	if (!bucket || rate_take(bucket, &limit->rule, fresh.start_ns))
		return true;
	rate_note_refusal(bucket, fresh.start_ns);
	count_rate_limited_source(proxy);
	return false;
}

/* Lets a target that has a limit take one more flow, if it may; who has none always may. */
static __always_inline bool rate_target_takes(__u32 id, const struct target *target, __u64 now)
{
	struct rate_bucket *bucket;

	if (!target->limit.interval_ns)
		return true;
	bucket = bpf_map_lookup_elem(&rate_target, &id);
	return bucket && rate_take(bucket, &target->limit, now);
}

static __always_inline void rate_note_target(__u32 id, __u64 now)
{
	struct rate_bucket *bucket = bpf_map_lookup_elem(&rate_target, &id);

	if (bucket)
		rate_note_refusal(bucket, now);
}

/*
 * Moves a run on to the first of its slots whose target may take a new flow, and lets it; false if
 * none of those that are asked may. So what a limit keeps from a target goes to the others by their
 * weights.
 */
static __always_inline bool rate_find_target(struct slot_run *run)
{
	const struct slot_run slots = *run;
	__u64 now = 0;

	for (__u32 i = 0; i < TARGET_LOOKS; i++) {
		__u32 id = select_target(&slots, i);
		struct target *target = bpf_map_lookup_elem(&targets, &id);

		if (target && target->limit.interval_ns && !now)
			now = bpf_ktime_get_ns();
		if (!target || rate_target_takes(id, target, now)) {
			run->first += i;
			return true;
		}
		if (!i)
			rate_note_target(id, now);
	}
	return false;
}

#endif
