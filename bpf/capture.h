/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Live capture: packets as they came to a program and as they left it, and why they left so.
 *
 * While nobody wants to see packets this costs a program two loads and two jumps. While somebody
 * does, the first bytes of each packet are put aside before the program works, and compared with
 * the filter after it: only then is it known what became of the packet, and a filter may ask for
 * what it was before or is now. Nothing here changes a packet, a table or a counter of anybody
 * else. A filter ends by itself at a time that its reader puts off while it lives.
 */
#ifndef SLUICE_CAPTURE_H
#define SLUICE_CAPTURE_H

#include "capture_match.h"

/* True while somebody wants to see packets, or has died without saying that he does not. */
static __always_inline bool capture_is_on(void)
{
	struct capture_filter *filter = capture_filter();

	return filter && filter->until_ns;
}

/* How many of `length` bytes are kept: at least one, which the verifier wants to see. */
static __always_inline __u32 capture_share(__u32 length)
{
	return length < CAPTURE_BYTES ? ((length - 1) & (CAPTURE_BYTES - 1)) + 1 : CAPTURE_BYTES;
}

/* The record for a packet that comes to a program; NULL when nothing is wanted any more. */
static __always_inline struct capture_record *capture_begin(__u32 length)
{
	struct capture_filter *filter = capture_filter();
	struct capture_record *record = capture_record();

	if (!filter || !record)
		return NULL;
	__builtin_memset(record, 0, offsetof(struct capture_record, bytes));
	if (!length || bpf_ktime_get_coarse_ns() >= filter->until_ns)
		return NULL;
	record->header.session = filter->session;
	record->header.length = length;
	record->header.bytes = capture_share(length);
	return record;
}

/* Copies the first bytes of a frame; bpf_xdp_load_bytes came with Linux 5.18. */
static __always_inline void capture_copy(void *data, void *data_end, __u8 *to, __u32 bytes)
{
	__u32 last = (bytes - 1) & (CAPTURE_BYTES - 1);

	for (__u32 at = 0; at < CAPTURE_BYTES; at += sizeof(__u16)) {
		if (data + at + sizeof(__u16) > data_end)
			break;
		__builtin_memcpy(to + at, data + at, sizeof(__u16));
	}
	if (data + last + 1 <= data_end)
		to[last] = *(__u8 *)(data + last);
}

/* Where what a packet has become goes. */
static __always_inline __u8 *capture_room(struct capture_record *record)
{
	/* CAPTURE_BYTES at most: the mask tells the verifier */
	return record->bytes + (capture_behind(record->header.bytes) & (2 * CAPTURE_BYTES - 1));
}

/* Computed at once: an end that waits on the stack is no pointer any more to the verifier. */
static __always_inline __u32 capture_xdp_length(struct xdp_md *xdp)
{
	__u32 length = (void *)(long)xdp->data_end - (void *)(long)xdp->data;

	barrier_var(length);
	return length;
}

/*
 * Copies the first bytes of the packet that xdp_ingress has in hand into its record: behind what it
 * was, when this is what it has become. A global function: the verifier looks at its loop once.
 */
__noinline int capture_xdp_copy(struct xdp_md *xdp, bool has_become)
{
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	struct capture_record *record = capture_record();

	if (record)
		capture_copy(data, data_end, has_become ? capture_room(record) : record->bytes,
			     capture_share(data_end - data));
	return 0;
}

/* Puts what comes to xdp_ingress aside. */
__noinline int capture_xdp_before(struct xdp_md *xdp)
{
	if (capture_begin(capture_xdp_length(xdp)))
		capture_xdp_copy(xdp, false);
	return 0;
}

/* The same at TC. */
__noinline int capture_tc_before(struct __sk_buff *skb)
{
	struct capture_record *record = capture_begin(skb->len);

	if (record && bpf_skb_load_bytes(skb, 0, record->bytes, capture_share(skb->len)))
		record->header.session = 0;
	return 0;
}

/* What is known when a packet leaves a program. */
struct capture_exit {
	__u32 ifindex;
	__u32 length;
	__s32 verdict;
	enum hook hook;
	enum reason reason;
};

/* True when packets of this hook and interface, that leave for this reason, are wanted. */
static __always_inline bool capture_wants(const struct capture_filter *filter,
					  const struct capture_exit *exit)
{
	return filter->hooks >> (exit->hook & 31) & 1 &&
	       filter->reasons >> (exit->reason & 63) & 1 &&
	       (!filter->ifindex || filter->ifindex == exit->ifindex);
}

/*
 * The record of the packet that leaves, if it may be wanted; NULL if not. Sets `*matches` when it
 * is, for what it was. Its bytes are cut to those that are told; what it has become goes behind
 * them.
 */
static __always_inline struct capture_record *capture_leave(const struct capture_exit *exit,
							    bool *matches)
{
	struct capture_filter *filter = capture_filter();
	struct capture_record *record = capture_record();
	struct capture_header *header;

	if (!filter || !record || !exit->length || !filter->session ||
	    record->header.session != filter->session || !capture_wants(filter, exit))
		return NULL;
	*matches = capture_judge_before();
	header = &record->header;
	header->ifindex = exit->ifindex;
	header->length_after = exit->length;
	header->verdict = exit->verdict;
	header->hook = exit->hook;
	header->reason = exit->reason;
	if (header->bytes > filter->max_bytes)
		header->bytes = filter->max_bytes;
	header->bytes_after = capture_share(exit->length);
	header->start = offsetof(struct capture_record, bytes);
	header->start_after = header->start + capture_behind(header->bytes);
	__builtin_memset(record->bytes + (header->bytes & (2 * CAPTURE_BYTES - 1)), 0, 4);
	return record;
}

/* False when so much was told in this epoch that who reads it might have no time for anything else.
 */
static __always_inline bool capture_has_time(const struct capture_filter *filter,
					     struct capture_counts *counts, __u32 epoch)
{
	if (counts->epoch != epoch) {
		counts->epoch = epoch;
		counts->told = 0;
	}
	return counts->told++ < filter->per_epoch;
}

/* Tells a record, if it is the turn of this one. */
static __always_inline void capture_tell(struct capture_record *record)
{
	struct capture_filter *filter = capture_filter();
	struct capture_counts *counts = capture_count();
	struct capture_header *header = &record->header;
	__u32 bytes;

	if (!filter || !counts)
		return;
	if (counts->matched++ % (filter->one_in ? filter->one_in : 1))
		return;
	header->time_ns = bpf_ktime_get_ns();
	if (!capture_has_time(filter, counts, header->time_ns >> EPOCH_SHIFT)) {
		counts->lost++;
		return;
	}
	if (header->bytes_after > filter->max_bytes)
		header->bytes_after = filter->max_bytes;
	/* less than 3 * CAPTURE_BYTES: the mask tells the verifier */
	bytes = (header->start_after + header->bytes_after) & (4 * CAPTURE_BYTES - 1);
	if (bpf_ringbuf_output(&captures, record, bytes, 0))
		counts->lost++;
}

/* Tells of a packet that xdp_ingress is done with. */
__noinline int capture_xdp_after(struct xdp_md *xdp, enum reason reason, int verdict)
{
	struct capture_exit exit = {
		.ifindex = xdp->ingress_ifindex,
		.length = capture_xdp_length(xdp),
		.verdict = verdict,
		.hook = HOOK_XDP_INGRESS,
		.reason = reason,
	};
	bool matches = false;
	struct capture_record *record = capture_leave(&exit, &matches);

	if (!record)
		return 0;
	capture_xdp_copy(xdp, true);
	if (matches || capture_judge_after())
		capture_tell(record);
	return 0;
}

/* Tells of a packet that a program at TC is done with. */
__noinline int capture_tc_after(struct __sk_buff *skb, enum hook hook, enum reason reason,
				int verdict)
{
	struct capture_exit exit = {
		.ifindex = skb->ifindex,
		.length = skb->len,
		.verdict = verdict,
		.hook = hook,
		.reason = reason,
	};
	bool matches = false;
	struct capture_record *record = capture_leave(&exit, &matches);

	if (!record || bpf_skb_load_bytes(skb, 0, capture_room(record), capture_share(exit.length)))
		return 0;
	if (matches || capture_judge_after())
		capture_tell(record);
	return 0;
}

#endif
