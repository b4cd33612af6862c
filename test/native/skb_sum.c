// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include "checksum.h"
#include "die.h"
#include "skb_sum.h"

/* The sum of any number of bytes, as they would add at an even place. */
static __u32 sum_of(const unsigned char *bytes, __u32 length)
{
	__u32 whole = length & ~3u, sum = sum_partial(bytes, whole, 0);
	unsigned char tail[4] = {0};

	memcpy(tail, bytes + whole, length - whole);
	return sum_partial(tail, sizeof(tail), sum);
}

/* csum_shift(): at an odd place the bytes of every word are the other way round. */
static __u32 sum_at(__u32 offset, __u32 sum)
{
	return offset & 1 ? (sum >> 8) | (sum << 24) : sum;
}

static __u32 sum_of_packet(void)
{
	__u32 length = skb_length() - sizeof(struct ethhdr), sum;
	unsigned char *bytes = allocate(length);

	if (!skb_read(sizeof(struct ethhdr), bytes, length))
		die("a packet that is not as long as it is");
	sum = sum_of(bytes, length);
	free(bytes);
	return sum;
}

void skb_sum_begin(void)
{
	if (skb_length() < sizeof(struct ethhdr))
		return;
	skb.complete = true;
	skb.sum = sum_of_packet();
}

enum skb_sum skb_sum_judge(void)
{
	if (!skb.complete)
		return SKB_SUM_NONE;
	return sum_fold(skb.sum) == sum_fold(sum_of_packet()) ? SKB_SUM_KEPT : SKB_SUM_BROKEN;
}

void skb_sum_without(__u32 offset, const void *bytes, __u32 length)
{
	skb.sum = sum_add(skb.sum, ~sum_at(offset, sum_of(bytes, length)));
}

void skb_sum_with(__u32 offset, const void *bytes, __u32 length)
{
	skb.sum = sum_add(skb.sum, sum_at(offset, sum_of(bytes, length)));
}

void skb_sum_pseudo(__u32 difference)
{
	skb.sum = ~sum_add(difference, ~skb.sum);
}
