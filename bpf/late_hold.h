/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Late binding, the bytes that are held: slots, and what of the client's stream is in one. */
#ifndef SLUICE_LATE_HOLD_H
#define SLUICE_LATE_HOLD_H

#include "late_work.h"

#define SLOT_TRIES 16

/* The slot of an entry; NULL if another connection has it by now. */
static __always_inline struct late_slot *late_slot_of(struct late_work *work,
						      const struct late_entry *entry)
{
	struct late_slot *slot;

	work->slot = entry->slot;
	slot = late_slot(work);
	return slot && slot->turn == entry->turn && slot->state ? slot : NULL;
}

static __always_inline __u32 late_ring_next(struct late_ring *ring)
{
	__u32 next;

	bpf_spin_lock(&ring->lock);
	next = ring->next++;
	bpf_spin_unlock(&ring->lock);
	return next % LATE_SLOTS;
}

/* The number of a free slot; when there is none within a few, of the oldest. */
static __always_inline __u32 late_slot_choose(struct late_ring *ring)
{
	__u32 first = late_ring_next(ring), index = first;

	for (int i = 0; i < SLOT_TRIES; i++) {
		struct late_slot *slot = bpf_map_lookup_elem(&late_slots, &index);

		if (!slot || (!slot->state && !slot->busy))
			return index;
		index = late_ring_next(ring);
	}
	return first;
}

static __always_inline void late_slot_begin(struct late_slot *slot, __u32 isn, __u32 cookie)
{
	struct syn_options options;

	cookie_read_options(&options, cookie);
	slot->busy = 0;
	slot->isn = isn;
	slot->cookie = cookie;
	slot->sent = 0;
	slot->acked = 0;
	slot->end = 0;
	slot->mss = DEFAULT_MSS_V4;
	slot->scale = options.scale;
	slot->state = LATE_STATE_COLLECT;
	__builtin_memset(slot->ranges, 0, sizeof(slot->ranges));
	__builtin_memset(&slot->hello, 0, sizeof(slot->hello));
}

/* Takes a slot for the connection of work->client, whose cookie is proven. */
static __always_inline struct late_slot *late_begin(struct late_work *work, __u32 isn, __u32 cookie,
						    __u64 now)
{
	struct late_entry entry = {.since_ns = now};
	struct late_ring *ring;
	struct late_slot *slot;
	__u32 zero = 0;

	ring = bpf_map_lookup_elem(&late_rings, &zero);
	if (!ring)
		return NULL;
	entry.slot = late_slot_choose(ring);
	work->slot = entry.slot;
	slot = late_slot(work);
	if (!slot || slot->busy)
		return NULL;
	entry.turn = ++slot->turn; /* whoever had it finds another turn there */
	late_slot_begin(slot, isn, cookie);
	return bpf_map_update_elem(&late, &work->client, &entry, BPF_ANY) ? NULL : slot;
}

/* Nothing is held any more for the connection of work->client. */
static __always_inline void late_end(struct late_work *work, struct late_slot *slot)
{
	bpf_map_delete_elem(&late, &work->client);
	slot->state = LATE_STATE_FREE;
}

static __always_inline bool late_acquire(const struct late_work *work, struct late_slot *slot)
{
	__u32 index = work->slot, busy;
	struct late_lock *lock = bpf_map_lookup_elem(&late_locks, &index);

	if (!lock)
		return false;
	bpf_spin_lock(&lock->lock);
	busy = slot->busy;
	slot->busy = 1;
	bpf_spin_unlock(&lock->lock);
	return !busy;
}

/* Under the lock as well: between another CPU's look and its store this one would get lost. */
static __always_inline void late_release(const struct late_work *work, struct late_slot *slot)
{
	__u32 index = work->slot;
	struct late_lock *lock = bpf_map_lookup_elem(&late_locks, &index);

	if (!lock)
		return;
	bpf_spin_lock(&lock->lock);
	slot->busy = 0;
	bpf_spin_unlock(&lock->lock);
}

/* Notes bytes behind a gap. What finds no room is forgotten, and the client sends it again. */
static __always_inline void late_note_range(struct late_slot *slot, __u32 start, __u32 end)
{
	struct late_range *free = NULL;

	for (int i = 0; i < LATE_RANGES; i++) {
		struct late_range *range = &slot->ranges[i];

		if (!range->end) {
			free = range;
		} else if (start <= range->end && end >= range->start) {
			range->start = start < range->start ? start : range->start;
			range->end = end > range->end ? end : range->end;
			return;
		}
	}
	if (!free)
		return;
	free->start = start;
	free->end = end;
}

/*
 * Notes in slot `index` that bytes are there, and joins what they close the gap to. A global
 * function: the verifier looks at it once, not after every length of what was copied.
 */
__noinline int late_note(__u32 index, __u32 start, __u32 end)
{
	struct late_slot *slot = bpf_map_lookup_elem(&late_slots, &index);

	if (!slot)
		return false;
	if (start > slot->end) {
		late_note_range(slot, start, end);
		return true;
	}
	if (end > slot->end)
		slot->end = end;
	for (int i = 0; i < LATE_RANGES * LATE_RANGES; i++) {
		struct late_range *range = &slot->ranges[i % LATE_RANGES];

		if (!range->end || range->start > slot->end)
			continue;
		if (range->end > slot->end)
			slot->end = range->end;
		range->end = 0;
	}
	return true;
}

/* Where in the stream the segment in hand begins. */
static __always_inline __u32 late_offset(const struct late_work *work, const struct late_slot *slot)
{
	return bpf_ntohl(work->p.seq) - slot->isn - 1;
}

/*
 * Copies up to LATE_PIECE of `left` bytes of the packet, `from` on, into slot `index`. A global
 * function, so that the verifier looks at one piece.
 */
__noinline int late_hold_piece(struct __sk_buff *skb, __u32 index, __u32 from, __u32 at, __u32 left)
{
	struct late_slot *slot = bpf_map_lookup_elem(&late_slots, &index);

	if (!slot)
		return false;
	if (left > LATE_PIECE)
		left = LATE_PIECE;
	left = ((left - 1) & (LATE_PIECE - 1)) + 1; /* tells the verifier */
	return !bpf_skb_load_bytes(skb, from, slot->bytes + (at & (LATE_BYTES - 1)), left);
}

/* Copies the payload of the segment in hand into its slot. False if it does not belong there. */
__noinline int late_hold(struct __sk_buff *skb)
{
	struct late_work *work = late_work();
	struct late_slot *slot = work ? late_slot(work) : NULL;
	__u32 length, offset, from;

	if (!work || !slot) /* the verifier wants to see it */
		return false;
	offset = late_offset(work, slot);
	length = payload_length(&work->p);
	from = work->p.l4 + work->p.l4_length;
	if (offset >= LATE_BYTES)
		return false;
	if (length > LATE_BYTES - offset)
		length = LATE_BYTES - offset;
	for (__u32 done = 0; done < length && done < LATE_BYTES; done += LATE_PIECE) {
		if (!late_hold_piece(skb, work->slot, from + done, offset + done, length - done))
			return false;
	}
	return late_note(work->slot, offset, offset + length);
}

/* A round of reading in what slot `index` holds. */
__noinline int late_read_some(__u32 index)
{
	struct late_slot *slot = bpf_map_lookup_elem(&late_slots, &index);

	return slot && hello_read_some(&slot->hello, slot->bytes, slot->end, LATE_BYTES - 1);
}

/* Reads on in what is held, to its end. */
static __always_inline void late_read_hello(struct late_work *work, struct late_slot *slot)
{
	for (int i = 0; i < HELLO_ROUNDS; i++) {
		if (!late_read_some(work->slot))
			return;
	}
	if (slot->hello.verdict == HELLO_MORE)
		hello_fail(&slot->hello);
}

#endif
