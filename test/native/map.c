// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "die.h"
#include "map.h"

struct map *map_of(const void *id)
{
	for (__u32 i = 0; i < map_count; i++) {
		if (maps[i].id == id)
			return &maps[i];
	}
	die("a program uses a map that programs.c does not list");
}

struct map *map_named(const char *name)
{
	for (__u32 i = 0; i < map_count; i++) {
		if (!strcmp(maps[i].name, name))
			return &maps[i];
	}
	die("there is no map '%s'", name);
}

bool map_is_array(const struct map *map)
{
	return map->type == BPF_MAP_TYPE_ARRAY || map->type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

void *map_lookup(struct map *map, const void *key)
{
	switch (map->type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
		return hash_lookup(map, key);
	case BPF_MAP_TYPE_LPM_TRIE:
		return trie_lookup(map, key);
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return array_lookup(map, key);
	default:
		die("map '%s' has type %u, which is not made here", map->name, map->type);
	}
}

long map_update(struct map *map, const void *key, const void *value, __u64 flags)
{
	if (map_is_array(map))
		return array_update(map, key, value, flags);
	if (map->type == BPF_MAP_TYPE_LPM_TRIE)
		return trie_update(map, key, value, flags);
	return hash_update(map, key, value, flags);
}

long map_delete(struct map *map, const void *key)
{
	if (map_is_array(map))
		return -EINVAL;
	if (map->type == BPF_MAP_TYPE_LPM_TRIE)
		die("a program deletes from trie '%s', which is not made here", map->name);
	return hash_delete(map, key);
}

void map_reset(struct map *map)
{
	if (map_is_array(map))
		array_reset(map);
	else
		hash_reset(map);
}

void maps_before_packet(void)
{
	for (__u32 i = 0; i < map_count; i++) {
		maps[i].emptied = false;
		if (maps[i].use != MAP_TABLE)
			array_before_packet(&maps[i]);
	}
}

struct element *element_new(const struct map *map, const void *key, const void *value)
{
	struct element *element = allocate(sizeof(*element));

	element->next = NULL;
	element->key = allocate(map->key_size);
	element->value = allocate(map->value_size);
	memcpy(element->key, key, map->key_size);
	memcpy(element->value, value, map->value_size);
	return element;
}

void element_free(struct element *element)
{
	free(element->key);
	free(element->value);
	free(element);
}
