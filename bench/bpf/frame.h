/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The frame that a bench program sends: a template, in which each packet gets its own client. */
#ifndef BENCH_FRAME_H
#define BENCH_FRAME_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/types.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define FRAME_BYTES 64 /* the shortest of Ethernet, with its checksum */
#define FRAME_WORDS (FRAME_BYTES / 8)
#define FIRST_PORT  1024  /* of the clients */
#define STRIDE	    48271 /* a prime */

/* The flow of packet `number`: each in turn, in no order that memory could be read ahead in. */
static __always_inline __u32 flow_of(__u64 number, __u32 flows)
{
	return number * STRIDE % flows;
}

/* Writes the whole template over a packet; false when the packet is not FRAME_BYTES long. */
static __always_inline bool frame_restore(void *data, void *data_end, const __u64 *template)
{
	__u64 *words = data;

	if (data + FRAME_BYTES > data_end)
		return false;
	for (int i = 0; i < FRAME_WORDS; i++)
		words[i] = template[i];
	return true;
}

#endif
