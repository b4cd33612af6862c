// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Arrays, and arrays per CPU of the one CPU that there is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "die.h"
#include "map.h"

#define GARBAGE 0xa5

#if !__has_feature(memory_sanitizer)
#define __msan_poison(memory, size)
#else
#include <sanitizer/msan_interface.h>
#endif

/* Where counters begin: a packet later they need more than 32 bits. */
static const __u64 counter_start = 0xffffffff;

static void array_fill(const struct map *map, unsigned char *value)
{
	memset(value, map->use == MAP_SCRATCH ? GARBAGE : 0, map->value_size);
	if (map->use == MAP_SCRATCH)
		__msan_poison(value, map->value_size);
	if (map->use != MAP_COUNTERS)
		return;
	for (__u32 i = 0; i < map->value_size; i += sizeof(counter_start))
		memcpy(value + i, &counter_start, sizeof(counter_start));
}

static void array_prepare(struct map *map)
{
	struct array *array = &map->array;

	if (array->values)
		return;
	array->values = calloc(map->max_entries, sizeof(*array->values));
	array->before = calloc(map->max_entries, sizeof(*array->before));
	array->touched = calloc(map->max_entries, sizeof(*array->touched));
	if (!array->values || !array->before || !array->touched)
		die("no memory for map '%s'", map->name);
}

bool array_has(const struct map *map, __u32 index)
{
	return map->array.values && map->array.values[index];
}

void *array_lookup(struct map *map, const void *key)
{
	struct array *array = &map->array;
	__u32 index;

	memcpy(&index, key, sizeof(index));
	if (index >= map->max_entries)
		return NULL;
	array_prepare(map);
	if (!array->values[index]) {
		array->values[index] = allocate(map->value_size);
		array_fill(map, array->values[index]);
		array->touched[array->touched_count++] = index;
		if (map->use == MAP_COUNTERS) {
			array->before[index] = allocate(map->value_size);
			array_fill(map, array->before[index]);
		}
	}
	return array->values[index];
}

long array_update(struct map *map, const void *key, const void *value, __u64 flags)
{
	void *old;

	if (flags > BPF_EXIST)
		return -EINVAL;
	old = array_lookup(map, key);
	if (!old)
		return -E2BIG;
	if (flags == BPF_NOEXIST)
		return -EEXIST;
	memcpy(old, value, map->value_size);
	return 0;
}

void array_reset(struct map *map)
{
	struct array *array = &map->array;

	for (__u32 i = 0; i < array->touched_count; i++) {
		__u32 index = array->touched[i];

		free(array->values[index]);
		free(array->before[index]);
		array->values[index] = NULL;
		array->before[index] = NULL;
	}
	array->touched_count = 0;
}

void array_before_packet(struct map *map)
{
	struct array *array = &map->array;

	for (__u32 i = 0; i < array->touched_count; i++) {
		__u32 index = array->touched[i];

		if (map->use == MAP_COUNTERS)
			memcpy(array->before[index], array->values[index], map->value_size);
		else
			array_fill(map, array->values[index]);
	}
}
