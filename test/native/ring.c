// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The ring buffer. A record that is reserved holds garbage, and must be submitted or discarded. */
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf_helpers.h>

#include "die.h"
#include "fault.h"
#include "map.h"
#include "ring.h"
#include "wire.h"

#define MAX_RECORDS 64
#define GARBAGE	    0xa5

static struct record {
	unsigned char *bytes;
	__u32 size;
} records[MAX_RECORDS];
static __u32 record_count;
static struct record reserved;

void *bpf_ringbuf_reserve(void *ring, __u64 size, __u64 flags)
{
	if (flags || map_of(ring)->type != BPF_MAP_TYPE_RINGBUF || reserved.bytes)
		die("a program reserves a record as it may not");
	if (fault_strikes(FAULT_REFUSED))
		return NULL;
	reserved.bytes = allocate(size);
	reserved.size = size;
	memset(reserved.bytes, GARBAGE, size);
	return reserved.bytes;
}

static void release(const void *record)
{
	if (!reserved.bytes || record != reserved.bytes)
		die("a program gives back a record that it has not reserved");
	reserved.bytes = NULL;
}

void bpf_ringbuf_submit(void *record, __u64 flags)
{
	if (record_count == MAX_RECORDS)
		die("more than %u records", MAX_RECORDS);
	records[record_count++] = reserved;
	release(record);
}

void bpf_ringbuf_discard(void *record, __u64 flags)
{
	release(record);
	free(record);
}

void ring_empty(void)
{
	if (reserved.bytes)
		die("a program has left a record reserved");
	while (record_count)
		free(records[--record_count].bytes);
}

void ring_put(void)
{
	put_u32(record_count);
	for (__u32 i = 0; i < record_count; i++) {
		put_u32(records[i].size);
		put(records[i].bytes, records[i].size);
	}
	ring_empty();
}
