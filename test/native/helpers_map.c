// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The map helpers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf_helpers.h>

#include "die.h"
#include "fault.h"
#include "map.h"

typedef long each_element(void *map, const void *key, void *value, void *context);

/* An array has its entries for ever. */
void *bpf_map_lookup_elem(void *id, const void *key)
{
	struct map *map = map_of(id);

	if (!map_is_array(map) && fault_strikes(FAULT_RACE))
		return NULL;
	if (map == map_named("pending") && map_lookup(map, key) && fault_strikes(FAULT_MOVED))
		hash_move(map, map_named("flows"));
	return map_lookup(map, key);
}

long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags)
{
	if (flags == BPF_NOEXIST && fault_strikes(FAULT_RACE))
		return -EEXIST;
	if (fault_strikes(FAULT_REFUSED))
		return -ENOMEM;
	return map_update(map_of(map), key, value, flags);
}

long bpf_map_delete_elem(void *map, const void *key)
{
	return map_delete(map_of(map), key);
}

/* Elements that nobody has asked for are zero, and one buffer stands for them all. */
static long each_of_array(struct map *map, each_element *call, void *context)
{
	unsigned char *zero = allocate(map->value_size);
	long called = 0, stop = 0;

	for (__u32 index = 0; index < map->max_entries && !stop; index++, called++) {
		bool made = array_has(map, index);
		unsigned char *value = made ? array_lookup(map, &index) : zero;

		if (!made)
			memset(zero, 0, map->value_size);
		stop = call((void *)map->id, &index, value, context);
		if (!made && (zero[0] || memcmp(zero, zero + 1, map->value_size - 1)))
			memcpy(array_lookup(map, &index), zero, map->value_size);
	}
	free(zero);
	return called;
}

/* All keys, one after another: the walk goes on over what the program adds and deletes meanwhile.
 */
static unsigned char *keys_of(const struct map *map)
{
	unsigned char *keys = allocate((unsigned long)map->count * map->key_size), *at = keys;

	for (__u32 i = 0; i < MAP_BUCKETS; i++) {
		for (struct element *e = map->buckets[i]; e; e = e->next, at += map->key_size)
			memcpy(at, e->key, map->key_size);
	}
	return keys;
}

static long each_of_hash(struct map *map, each_element *call, void *context)
{
	unsigned char *keys = keys_of(map);
	__u32 count = map->count, called = 0;
	long stop = 0;

	for (__u32 i = 0; i < count && !stop; i++) {
		unsigned char *key = keys + (unsigned long)i * map->key_size;
		void *value = hash_lookup(map, key);

		if (!value)
			continue;
		stop = call((void *)map->id, key, value, context);
		called++;
	}
	free(keys);
	return called;
}

/* One process, one CPU: a lock is always free, and taken once. */
void bpf_spin_lock(struct bpf_spin_lock *lock)
{
	if (lock->val)
		die("a lock is taken twice");
	lock->val = 1;
}

void bpf_spin_unlock(struct bpf_spin_lock *lock)
{
	if (!lock->val)
		die("a lock is given back that nobody has");
	lock->val = 0;
}

long bpf_for_each_map_elem(void *id, void *callback, void *context, __u64 flags)
{
	struct map *map = map_of(id);

	if (flags)
		return -EINVAL;
	return map_is_array(map) ? each_of_array(map, (each_element *)callback, context)
				 : each_of_hash(map, (each_element *)callback, context);
}
