/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * MurmurHash3_x86_32 (Austin Appleby, public domain), with seed 0: a function of the bytes alone,
 * so that every balancer gives a client the same number. docs/algorithms.md has the rule.
 */
#ifndef SLUICE_HASH_H
#define SLUICE_HASH_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

static __always_inline __u32 rotate_left(__u32 value, __u32 bits)
{
	return value << bits | value >> (32 - bits);
}

/* Mixes all bits of a hash into each other. */
static __always_inline __u32 hash_finish(__u32 hash)
{
	hash ^= hash >> 16;
	hash *= 0x85ebca6b;
	hash ^= hash >> 13;
	hash *= 0xc2b2ae35;
	return hash ^ hash >> 16;
}

/* The hash of `size` bytes, a constant and a multiple of 4; words are read as little-endian ones.
 */
static __always_inline __u32 hash_bytes(const void *bytes, __u32 size)
{
	__u32 hash = 0, word;

#pragma unroll
	for (__u32 at = 0; at < size; at += sizeof(word)) {
		__builtin_memcpy(&word, bytes + at, sizeof(word));
		hash ^= rotate_left(word * 0xcc9e2d51, 15) * 0x1b873593;
		hash = rotate_left(hash, 13) * 5 + 0xe6546b64;
	}
	return hash_finish(hash ^ size);
}

#endif
