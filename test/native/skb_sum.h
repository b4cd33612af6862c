/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The sum that a NIC has made of all bytes from the network header on (CHECKSUM_COMPLETE): every
 * packet at TC whose checksum is whole carries one here, and the helpers keep it as the kernel's
 * do.
 */
#ifndef NATIVE_SKB_SUM_H
#define NATIVE_SKB_SUM_H

#include "skb.h"

enum skb_sum {
	SKB_SUM_NONE, /* there is no sum, or the packet is another one by now */
	SKB_SUM_KEPT,
	SKB_SUM_BROKEN,
};

/* Makes the sum of the packet in hand. */
void skb_sum_begin(void);

/* Whether it is still right. */
enum skb_sum skb_sum_judge(void);

/* skb_postpull_rcsum() before bytes change, skb_postpush_rcsum() after. */
void skb_sum_without(__u32 offset, const void *bytes, __u32 length);
void skb_sum_with(__u32 offset, const void *bytes, __u32 length);

/* A transport checksum has changed to make up for a change of the pseudo-header by `difference`. */
void skb_sum_pseudo(__u32 difference);

#endif
