/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Internet checksums (RFC 1071) by plain arithmetic: numbers in network order, modulo 65535. */
#ifndef SLUICE_FUZZ_SUM_H
#define SLUICE_FUZZ_SUM_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t sum_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += i % 2 ? bytes[i] : bytes[i] * 256;
	return sum;
}

/* A sum in 16 bits: 0 only if nothing but zeros was summed. */
static inline uint16_t sum_reduce(uint64_t sum)
{
	return sum ? (sum - 1) % 65535 + 1 : 0;
}

/* What goes into a checksum field for `sum`. */
static inline uint16_t sum_checksum(uint64_t sum)
{
	return 65535 - sum_reduce(sum);
}

static inline void put16(uint8_t *to, uint16_t value)
{
	to[0] = value >> 8;
	to[1] = value & 255;
}

#endif
