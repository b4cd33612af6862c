/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's arithmetic of Internet checksums, with its several forms of equal sums. */
#ifndef NATIVE_CHECKSUM_H
#define NATIVE_CHECKSUM_H

#include <linux/types.h>

/* csum_partial(): the sum of `length` bytes, a multiple of 4, and `sum`. */
__u32 sum_partial(const void *bytes, __u32 length, __u32 sum);

__u32 sum_add(__u32 a, __u32 b);

/* csum_fold(): the complement of a sum in 16 bits. */
__u16 sum_fold(__u32 sum);

/* csum_from32to16() */
__u16 sum_to_16(__u32 sum);

/* csum_replace_by_diff() */
void sum_replace_by_diff(__u16 *field, __u32 difference);

#endif
