// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#include "arena.h"
#include "die.h"

#define ARENA_ADDRESS 0x10000000ul
#define ARENA_SIZE    (4u << 20)
#define REDZONE	      64u
#define IP_ALIGN      2u

/* The arena, and how much of it is used up since it was begun anew. */
static unsigned char *arena;
static __u32 used;

static void arena_open(void)
{
	arena = mmap((void *)ARENA_ADDRESS, ARENA_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (arena != (void *)ARENA_ADDRESS)
		die("the memory at %#lx is taken", ARENA_ADDRESS);
	ASAN_POISON_MEMORY_REGION(arena, ARENA_SIZE);
}

/* Takes a new place each time, so that a pointer from before a helper moved the packet goes bad. */
unsigned char *arena_place(__u32 length)
{
	__u32 size = (length + 2 * REDZONE) & ~(REDZONE - 1);
	unsigned char *place;

	if (!arena)
		arena_open();
	if (size + IP_ALIGN > ARENA_SIZE / 2)
		die("a packet of %u bytes", length);
	if (used + size > ARENA_SIZE)
		used = 0;
	place = arena + used + IP_ALIGN;
	used += size;
	ASAN_POISON_MEMORY_REGION(arena + used - size, size);
	ASAN_UNPOISON_MEMORY_REGION(place, length);
	return place;
}
