/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Where the readable bytes of the packet in hand lie: below 4 GiB, because a program's context
 * holds their ends in 32 bits, and alone between poisoned bytes.
 */
#ifndef NATIVE_ARENA_H
#define NATIVE_ARENA_H

#include <linux/types.h>

/*
 * Gives `length` bytes, undefined, at an address that is 2 modulo 4, so that the IP header is
 * aligned as the kernel's NET_IP_ALIGN has it. What was given before goes bad.
 */
unsigned char *arena_place(__u32 length);

#endif
