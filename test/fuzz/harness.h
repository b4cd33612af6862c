/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What every fuzz target uses: a check that tells what it expected, and a cursor over the input.
 *
 * A target is one file in targets/: it includes headers of bpf/, makes a packet from the input, and
 * checks. Its corpus lies in corpus/<its name>/; build, run and test find both by themselves.
 */
#ifndef SLUICE_FUZZ_HARNESS_H
#define SLUICE_FUZZ_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the run with a sentence, the place, and (by libFuzzer) the input. */
#define FUZZ_CHECK(condition, ...)                                                     \
	do {                                                                           \
		if (!(condition)) {                                                    \
			fprintf(stderr, "FUZZ: %s:%d: not (%s): ", __FILE__, __LINE__, \
				#condition);                                           \
			fprintf(stderr, __VA_ARGS__);                                  \
			fputc('\n', stderr);                                           \
			abort();                                                       \
		}                                                                      \
	} while (0)

/* The input, eaten from the front; behind its end come zeros. */
struct cursor {
	const uint8_t *at;
	size_t left;
};

static inline uint8_t take8(struct cursor *c)
{
	if (!c->left)
		return 0;
	c->left--;
	return *c->at++;
}

static inline uint16_t take16(struct cursor *c)
{
	uint16_t high = take8(c);

	return high << 8 | take8(c);
}

static inline uint32_t take32(struct cursor *c)
{
	uint32_t high = take16(c);

	return high << 16 | take16(c);
}

/* Copies `size` bytes. */
static inline void take(struct cursor *c, void *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)to)[i] = take8(c);
}

/*
 * A copy of exactly `size` bytes on the heap: a step beyond either end is found by the address
 * sanitizer. To be freed.
 */
static inline uint8_t *exact_copy(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, bytes, size);
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
