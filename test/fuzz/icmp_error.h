/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* ICMP and ICMPv6 errors made from scratch. */
#ifndef SLUICE_FUZZ_ICMP_ERROR_H
#define SLUICE_FUZZ_ICMP_ERROR_H

#include "recipe.h"

#define ICMP_LENGTH    8
#define ICMP_ERROR_MAX (ETH_LENGTH + 40 + ICMP_LENGTH + RECIPE_MAX)

/* An error: from whom, to whom, about what. */
struct icmp_error {
	bool v6;
	uint8_t type, code;
	uint8_t word[4]; /* MTU, pointer or nothing */
	uint8_t src[16], dst[16];
	uint8_t quote[RECIPE_MAX]; /* an IP packet, or its beginning */
	size_t quote_length;
};

static inline size_t write_outer(const struct icmp_error *e, uint8_t *ip, size_t icmp_length)
{
	if (e->v6) {
		ip[0] = 0x60;
		put16(ip + 4, icmp_length);
		ip[6] = 58;
		ip[7] = 64;
		memcpy(ip + 8, e->src, 16);
		memcpy(ip + 24, e->dst, 16);
		return 40;
	}
	ip[0] = 0x45;
	put16(ip + 2, 20 + icmp_length);
	ip[8] = 64;
	ip[9] = 1;
	memcpy(ip + 12, e->src, 4);
	memcpy(ip + 16, e->dst, 4);
	put16(ip + 10, sum_checksum(sum_bytes(ip, 20)));
	return 20;
}

/* Writes the frame of an error, at most ICMP_ERROR_MAX bytes; returns its length. */
static inline size_t write_error(const struct icmp_error *e, uint8_t *frame)
{
	size_t icmp_length = ICMP_LENGTH + e->quote_length;
	uint64_t pseudo = 0;
	uint8_t *icmp;

	memset(frame, 0, ICMP_ERROR_MAX);
	write_ethernet(frame, e->v6);
	icmp = frame + ETH_LENGTH + write_outer(e, frame + ETH_LENGTH, icmp_length);
	icmp[0] = e->type;
	icmp[1] = e->code;
	memcpy(icmp + 4, e->word, 4);
	memcpy(icmp + ICMP_LENGTH, e->quote, e->quote_length);
	if (e->v6)
		pseudo = sum_bytes(e->src, 16) + sum_bytes(e->dst, 16) + 58 + icmp_length;
	put16(icmp + 2, sum_checksum(pseudo + sum_bytes(icmp, icmp_length)));
	return icmp + icmp_length - frame;
}

#endif
