// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "die.h"
#include "skb.h"

struct skb skb;

/* Tells the program's context where the packet is now. */
static void skb_tell(void)
{
	__u32 data = (__u32)(unsigned long)skb.linear;

	if (skb.kind == SKB_XDP) {
		skb.context.xdp.data = data;
		skb.context.xdp.data_end = data + skb.linear_length;
		return;
	}
	skb.context.tc.data = data;
	skb.context.tc.data_end = data + skb.linear_length;
	skb.context.tc.len = skb_length();
}

/* Gives the linear part a new place: `gap` zero bytes, then as many of `bytes` as fit, then zeros.
 */
static void skb_place(const unsigned char *bytes, __u32 count, __u32 gap, __u32 length)
{
	unsigned char *place = arena_place(length);

	if (count > length - gap)
		count = length - gap;
	memset(place, 0, length);
	memcpy(place + gap, bytes, count);
	skb.linear = place;
	skb.linear_length = length;
}

static void skb_set_rest(const unsigned char *bytes, __u32 length)
{
	unsigned char *rest = allocate(length);

	memcpy(rest, bytes, length);
	free(skb.rest);
	skb.rest = rest;
	skb.rest_length = length;
}

void skb_begin(enum skb_kind kind, const unsigned char *frame, __u32 length, __u32 linear)
{
	free(skb.rest);
	for (__u32 i = 0; i < skb.copy_count; i++)
		free(skb.copies[i].frame);
	memset(&skb, 0, sizeof(skb));
	skb.kind = kind;
	if (linear > length)
		linear = length;
	skb_place(frame, linear, 0, linear);
	skb_set_rest(frame + linear, length - linear);
	skb_tell();
}

__u32 skb_length(void)
{
	return skb.linear_length + skb.rest_length;
}

struct skb *skb_of(const void *context)
{
	if (context != &skb.context)
		die("a helper was called with another context than the program's");
	return &skb;
}

bool skb_read(__u32 offset, void *to, __u32 length)
{
	__u32 linear;

	if (offset > skb_length() || length > skb_length() - offset)
		return false;
	linear = offset < skb.linear_length ? skb.linear_length - offset : 0;
	if (linear > length)
		linear = length;
	if (linear)
		memcpy(to, skb.linear + offset, linear);
	if (length > linear)
		memcpy((unsigned char *)to + linear,
		       skb.rest + (offset + linear - skb.linear_length), length - linear);
	return true;
}

bool skb_pull(__u32 length)
{
	__u32 more = length - skb.linear_length;
	unsigned char *bytes;

	if (length <= skb.linear_length)
		return true;
	bytes = allocate(length);
	if (!skb_read(0, bytes, length)) {
		free(bytes);
		return false;
	}
	skb_place(bytes, length, 0, length);
	skb_set_rest(skb.rest + more, skb.rest_length - more);
	free(bytes);
	skb_tell();
	return true;
}

void skb_push(__u32 length)
{
	skb_place(skb.linear, skb.linear_length, length, skb.linear_length + length);
	skb.complete = false;
	skb.check_start += length;
	skb.check_end += length;
	skb_tell();
}

void skb_resize(__u32 length)
{
	if (!skb_pull(skb_length()))
		die("a packet that is not as long as it is");
	skb_place(skb.linear, skb.linear_length, 0, length);
	skb.complete = false;
	skb_tell();
}
