// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The ring buffer that packets are captured into: room for one record, which is all that a packet
 * makes. */
#include <errno.h>
#include <string.h>
#include <bpf/bpf_helpers.h>

#include "capture_ring.h"
#include "die.h"
#include "fault.h"
#include "wire.h"

static unsigned char told[4096];
static __u32 told_length;

void capture_ring_begin(void)
{
	told_length = 0;
}

long bpf_ringbuf_output(void *ringbuf, void *data, __u64 size, __u64 flags)
{
	if (flags || size > sizeof(told) || told_length)
		die("a record of %llu bytes behind one of %u", (unsigned long long)size,
		    told_length);
	if (fault_strikes(FAULT_REFUSED))
		return -EAGAIN;
	memcpy(told, data, size);
	told_length = size;
	return 0;
}

void capture_ring_put(void)
{
	put_u32(told_length);
	put(told, told_length);
}
