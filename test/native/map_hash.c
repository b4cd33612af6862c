// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Hash tables. An LRU one evicts nothing: cases are small, and what the kernel would evict depends
 * on its CPUs. A full one refuses, with the error that the kernel has for it.
 */
#include <errno.h>
#include <string.h>
#include <linux/bpf.h>

#include "map.h"

/* FNV-1a: the same order on every run. */
static struct element **hash_bucket(struct map *map, const void *key)
{
	const unsigned char *bytes = key;
	__u32 hash = 2166136261u;

	for (__u32 i = 0; i < map->key_size; i++)
		hash = (__u32)((__u64)(hash ^ bytes[i]) * 16777619u);
	return &map->buckets[hash % MAP_BUCKETS];
}

/* The link to the element of `key`, or to where it would be. */
static struct element **hash_find(struct map *map, const void *key)
{
	struct element **link = hash_bucket(map, key);

	while (*link && memcmp((*link)->key, key, map->key_size))
		link = &(*link)->next;
	return link;
}

void *hash_lookup(struct map *map, const void *key)
{
	struct element *element = *hash_find(map, key);

	return element && !map->emptied ? element->value : NULL;
}

void hash_move(struct map *from, struct map *to)
{
	for (__u32 i = 0; i < MAP_BUCKETS; i++) {
		for (struct element *e = from->buckets[i]; e; e = e->next)
			hash_update(to, e->key, e->value, BPF_NOEXIST);
	}
	from->emptied = true;
}

/* The kernel makes a new element for an update, and so does this: old pointers go bad. */
long hash_update(struct map *map, const void *key, const void *value, __u64 flags)
{
	struct element **link = hash_find(map, key), *old = *link, *element;

	if (flags > BPF_EXIST)
		return -EINVAL;
	if (old && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!old && flags == BPF_EXIST)
		return -ENOENT;
	if (!old && map->count >= map->max_entries)
		return map->type == BPF_MAP_TYPE_LRU_HASH ? -ENOMEM : -E2BIG;
	element = element_new(map, key, value);
	element->next = old ? old->next : NULL;
	*link = element;
	if (old)
		element_free(old);
	else
		map->count++;
	return 0;
}

long hash_delete(struct map *map, const void *key)
{
	struct element **link = hash_find(map, key), *old = *link;

	if (!old)
		return -ENOENT;
	*link = old->next;
	element_free(old);
	map->count--;
	return 0;
}

void hash_reset(struct map *map)
{
	for (__u32 i = 0; i < MAP_BUCKETS; i++) {
		while (map->buckets[i]) {
			struct element *old = map->buckets[i];

			map->buckets[i] = old->next;
			element_free(old);
		}
	}
	map->count = 0;
	map->emptied = false;
}
