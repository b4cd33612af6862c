/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Live capture: which packets somebody wants to see, and whose they are. */
#ifndef SLUICE_CAPTURE_MATCH_H
#define SLUICE_CAPTURE_MATCH_H

#include "capture_abi.h"
#include "icmp.h"

#define CAPTURE_RING_BYTES (1 << 20)

/* Room for what parsing may touch behind the bytes that are there: see OFFSET_MASK. */
#define CAPTURE_ROOM (2 * CAPTURE_BYTES + OFFSET_MASK + 1)

/* Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct capture_filter);
} capture_filters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct capture_counts);
} capture_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, CAPTURE_RING_BYTES);
} captures SEC(".maps");

/* A packet of the record: what is known of its first bytes. */
struct capture_view {
	struct packet p;
	struct packet quoted; /* what it quotes if it is an ICMP error; see icmp.h */
	__u32 quotes;	      /* it does */
};

/* The packet that this CPU has in hand. */
struct capture_record {
	struct capture_header header;
	__u8 lead[2]; /* IP headers lie at multiples of 4 */
	__u8 bytes[CAPTURE_ROOM];
	__u8 pad[6];
	struct capture_view view;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct capture_record);
} capture_records SEC(".maps");

static __always_inline struct capture_filter *capture_filter(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&capture_filters, &zero);
}

static __always_inline struct capture_record *capture_record(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&capture_records, &zero);
}

static __always_inline struct capture_counts *capture_count(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&capture_counts, &zero);
}

/* True when bits that count are those that are wanted. */
static __always_inline bool capture_address_is(const struct address *address,
					       const struct capture_condition *wanted)
{
	const __u64 *a = (const __u64 *)address, *w = (const __u64 *)&wanted->address;
	const __u64 *m = (const __u64 *)&wanted->mask;

	return (a[0] & m[0]) == w[0] && (a[1] & m[1]) == w[1];
}

static __always_inline bool capture_end_is(const struct address *address, __be16 port,
					   const struct capture_condition *wanted)
{
	return capture_address_is(address, wanted) && (!wanted->port || port == wanted->port);
}

static __always_inline bool capture_condition_holds(const struct packet *p,
						    const struct capture_condition *wanted)
{
	if (!wanted->ends)
		return true;
	if (wanted->ends & CAPTURE_END_SOURCE && capture_end_is(&p->key.src, p->key.sport, wanted))
		return true;
	return wanted->ends & CAPTURE_END_DESTINATION &&
	       capture_end_is(&p->key.dst, p->key.dport, wanted);
}

static __always_inline bool capture_packet_is(const struct packet *p,
					      const struct capture_filter *filter)
{
	if (filter->family && p->family != filter->family)
		return false;
	if (filter->protocol && p->key.protocol != filter->protocol)
		return false;
	for (int i = 0; i < CAPTURE_CONDITIONS; i++) {
		if (!capture_condition_holds(p, &filter->conditions[i]))
			return false;
	}
	return true;
}

/* Reads the packet whose first `bytes` lie at `start`: all that is there, a fragment has no ports.
 */
static __always_inline void capture_read(struct capture_record *record, __u32 start, __u32 bytes,
					 __u32 length)
{
	void *data = record->bytes + start, *data_end = data + bytes;
	struct capture_view *view = &record->view;

	__builtin_memset(view, 0, sizeof(*view));
	parse_frame(data, data_end, length, true, &view->p);
	view->quotes = packet_is_icmp(&view->p) && !view->p.fragment &&
		       !icmp_parse_quoted(data, data_end, &view->p, &view->quoted);
}

/* What an ICMP error quotes went the other way: it counts for the flow that the error goes with. */
static __always_inline bool capture_view_is(const struct capture_view *view,
					    const struct capture_filter *filter)
{
	return capture_packet_is(&view->p, filter) ||
	       (view->quotes && capture_packet_is(&view->quoted, filter));
}

/* Notes whose packet it was: by its flow, or by whom it was sent to. */
static __always_inline void capture_note_owner(struct capture_header *header,
					       const struct flow_key *key)
{
	struct listener_key to = {
		.address = key->dst,
		.port = key->dport,
		.protocol = key->protocol,
	};
	struct flow *flow = icmp_find_flow(key);
	struct listener *listener;

	header->proxy = CAPTURE_NOBODY;
	header->target = CAPTURE_NOBODY;
	if (flow) {
		header->proxy = flow->proxy;
		header->target = flow->target;
		return;
	}
	listener = bpf_map_lookup_elem(&listeners, &to);
	if (listener)
		header->proxy = listener->proxy;
}

/* Notes whose packet it was that came, and says whether the filter wants it for what it was. */
__noinline int capture_judge_before(void)
{
	struct capture_filter *filter = capture_filter();
	struct capture_record *record = capture_record();
	const struct capture_view *view;
	__u32 bytes;

	if (!filter || !record)
		return false;
	bytes = record->header.bytes;
	if (bytes > CAPTURE_BYTES)
		return false;
	capture_read(record, 0, bytes, record->header.length);
	view = &record->view;
	capture_note_owner(&record->header, view->quotes ? &view->quoted.key : &view->p.key);
	return capture_view_is(&record->view, filter);
}

/* Where what a packet has become begins, behind so many bytes of what it was. */
static __always_inline __u32 capture_behind(__u32 bytes)
{
	return (bytes + 3) & ~3u;
}

/* Says whether the filter wants a packet for what it has become. */
__noinline int capture_judge_after(void)
{
	struct capture_filter *filter = capture_filter();
	struct capture_record *record = capture_record();
	__u32 start, bytes;

	if (!filter || !record)
		return false;
	start = capture_behind(record->header.bytes);
	bytes = record->header.bytes_after;
	if (start > CAPTURE_BYTES || bytes > CAPTURE_BYTES)
		return false;
	capture_read(record, start, bytes, record->header.length_after);
	return capture_view_is(&record->view, filter);
}

#endif
