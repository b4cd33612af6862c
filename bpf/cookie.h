/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * SYN cookies: the sequence number of our SYN-ACK proves, when it comes back acknowledged, that
 * the client is where it says, and tells what its SYN offered. Nothing is kept of a SYN.
 *
 *     31        20 19       9 8    6 5   2 1    0
 *     | with ISN  | without  | MSS  |scale|SACK|generation
 *
 * Both hashes (SipHash-2-4) must fit for a connection to begin. The one without the client's
 * initial sequence number fits all its segments: it tells a segment that came too early from one
 * of a connection that we have never heard of, to which the kernel answers RST.
 */
#ifndef SLUICE_COOKIE_H
#define SLUICE_COOKIE_H

#include "packet.h"
#include "maps.h"

#define NO_SCALE  15 /* the client did not offer window scaling */
#define MAX_SCALE 14 /* RFC 7323, 2.3 */

#define COOKIE_MSS_SHIFT   6
#define COOKIE_SCALE_SHIFT 2
#define COOKIE_SACK	   2
#define COOKIE_GENERATION  1
#define COOKIE_OPTIONS	   0x1ff
#define COOKIE_TUPLE	   (0x7ffu << 9)
#define COOKIE_ISN	   (0xfffu << 20)

/* What a SYN offers, and a cookie carries. */
struct syn_options {
	__u16 mss;
	__u8 scale; /* or NO_SCALE */
	__u8 sack;
};

/* What is hashed: addresses, ports and options, then the client's first number if it counts. */
struct cookie_input {
	__u64 words[6];
};

#define COOKIE_WORDS	(sizeof(struct cookie_input) / sizeof(__u64))
#define COOKIE_WITH_ISN (1ull << 32)

static __always_inline __u64 rotate_word(__u64 x, int by)
{
	return x << by | x >> (64 - by);
}

static __always_inline void sip_round(__u64 v[4])
{
	v[0] += v[1];
	v[1] = rotate_word(v[1], 13) ^ v[0];
	v[0] = rotate_word(v[0], 32);
	v[2] += v[3];
	v[3] = rotate_word(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate_word(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate_word(v[1], 17) ^ v[2];
	v[2] = rotate_word(v[2], 32);
}

static __always_inline void sip_absorb(__u64 v[4], __u64 word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

/* SipHash-2-4 (Aumasson, Bernstein 2012). */
static __always_inline __u64 cookie_hash(const __u64 key[2], const struct cookie_input *input)
{
	__u64 v[4] = {key[0] ^ 0x736f6d6570736575ull, key[1] ^ 0x646f72616e646f6dull,
		      key[0] ^ 0x6c7967656e657261ull, key[1] ^ 0x7465646279746573ull};

	for (__u32 i = 0; i < COOKIE_WORDS; i++)
		sip_absorb(v, input->words[i]);
	sip_absorb(v, (__u64)sizeof(*input) << 56);
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The classes of maximum segment sizes. A cookie tells the highest that is not above the client's.
 */
static __always_inline __u16 mss_of_class(__u32 class)
{
	switch (class & 7) {
	case 0:
		return 216;
	case 1:
		return 536;
	case 2:
		return 1220;
	case 3:
		return 1300;
	case 4:
		return 1360;
	case 5:
		return 1400;
	case 6:
		return 1440;
	default:
		return 1460;
	}
}

static __always_inline __u32 class_of_mss(__u16 mss)
{
	__u32 class = 0;

	for (int i = 1; i < 8; i++) {
		if (mss >= mss_of_class(i))
			class = i;
	}
	return class;
}

static __always_inline __u32 cookie_options(const struct syn_options *options, __u32 generation)
{
	return class_of_mss(options->mss) << COOKIE_MSS_SHIFT |
	       (options->scale & 15) << COOKIE_SCALE_SHIFT | (options->sack ? COOKIE_SACK : 0) |
	       (generation & COOKIE_GENERATION);
}

static __always_inline void cookie_read_options(struct syn_options *options, __u32 cookie)
{
	options->mss = mss_of_class(cookie >> COOKIE_MSS_SHIFT);
	options->scale = cookie >> COOKIE_SCALE_SHIFT & 15;
	options->sack = !!(cookie & COOKIE_SACK);
}

static __always_inline void cookie_input_of(struct cookie_input *input, const struct flow_key *key,
					    __u32 options)
{
	__builtin_memcpy(input->words, &key->src, sizeof(key->src));
	__builtin_memcpy(input->words + 2, &key->dst, sizeof(key->dst));
	input->words[4] = (__u64)options << 32 | (__u32)key->sport << 16 | key->dport;
}

/* The cookie with `options` of a client that begins with `isn`. */
static __always_inline __u32 cookie_with(const struct late_secret *secret,
					 const struct flow_key *key, __u32 isn, __u32 options)
{
	struct cookie_input input;
	__u32 whole, tuple;

	cookie_input_of(&input, key, options);
	input.words[5] = COOKIE_WITH_ISN | isn;
	whole = (__u32)cookie_hash(secret->key, &input);
	input.words[5] = 0;
	tuple = (__u32)cookie_hash(secret->key, &input);
	return (whole & COOKIE_ISN) | (tuple & COOKIE_TUPLE) | options;
}

/* The secret whose generation is odd or even; NULL while there is none. */
static __always_inline struct late_secret *secret_of(__u32 generation)
{
	__u32 index = generation & COOKIE_GENERATION;
	struct late_secret *secret = bpf_map_lookup_elem(&late_secrets, &index);

	return secret && secret->generation ? secret : NULL;
}

/* The secret that makes cookies. */
static __always_inline struct late_secret *secret_now(void)
{
	struct late_secret *even = secret_of(0), *odd = secret_of(1);

	if (!even || !odd)
		return even ? even : odd;
	return (__s32)(even->generation - odd->generation) > 0 ? even : odd;
}

enum proof {
	PROOF_NONE,
	PROOF_TUPLE, /* the tuple is proven, the sequence number is not the first one's */
	PROOF_WHOLE,
};

/*
 * The cookie for a client's SYN; 0 if there is no secret. Global functions, so that the rounds are
 * looked at once by the verifier, and have a stack of their own.
 */
__noinline __u32 cookie_make(const struct flow_key *key, __u32 isn, __u32 options)
{
	struct late_secret *secret = secret_now();

	if (!key || !secret) /* the verifier wants to see it */
		return 0;
	options = (options & ~COOKIE_GENERATION) | (secret->generation & COOKIE_GENERATION);
	return cookie_with(secret, key, isn, options & COOKIE_OPTIONS);
}

/* What `cookie`, which a client of `key` has acknowledged, proves if its SYN had number `isn`. */
__noinline int cookie_prove(const struct flow_key *key, __u32 isn, __u32 cookie)
{
	struct late_secret *secret = secret_of(cookie);
	__u32 difference;

	if (!key || !secret) /* the verifier wants to see it */
		return PROOF_NONE;
	difference = cookie_with(secret, key, isn, cookie & COOKIE_OPTIONS) ^ cookie;
	if (difference & COOKIE_TUPLE)
		return PROOF_NONE;
	return difference ? PROOF_TUPLE : PROOF_WHOLE;
}

#endif
