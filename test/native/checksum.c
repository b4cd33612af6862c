// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* include/net/checksum.h, include/asm-generic/checksum.h and lib/checksum.c say the same. */
#include <string.h>

#include "checksum.h"

__u32 sum_add(__u32 a, __u32 b)
{
	__u32 sum = a + b;

	return sum + (sum < b);
}

__u32 sum_partial(const void *bytes, __u32 length, __u32 sum)
{
	const unsigned char *at = bytes;
	__u32 word;

	for (__u32 i = 0; i < length; i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		sum = sum_add(sum, word);
	}
	return sum;
}

__u16 sum_fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__u16)~sum;
}

__u16 sum_to_16(__u32 sum)
{
	sum += (sum >> 16) | (sum << 16);
	return (__u16)(sum >> 16);
}

void sum_replace_by_diff(__u16 *field, __u32 difference)
{
	*field = sum_fold(sum_add(difference, ~(__u32)*field));
}
