// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <string.h>

#include "chance.h"
#include "die.h"
#include "map.h"
#include "programs.h"
#include "state.h"
#include "wire.h"

static void read_options(void)
{
	struct options options;

	options.snat_port_min = take_u16();
	options.snat_port_count = take_u16();
	options.confirm_one_in = take_u32();
	programs_set_options(&options);
}

static struct map *read_map_name(void)
{
	char name[256];
	__u8 length = take_u8();

	memcpy(name, take(length), length);
	name[length] = 0;
	return map_named(name);
}

static void read_entries(void)
{
	struct map *map = read_map_name();

	for (__u32 left = take_u32(); left; left--) {
		const unsigned char *key = take(map->key_size);
		long error = map_update(map, key, take(map->value_size), 0);

		if (error)
			die("the state does not fit into map '%s': error %ld", map->name, -error);
	}
}

void state_read(void)
{
	for (__u32 i = 0; i < map_count; i++)
		map_reset(&maps[i]);
	clock_set(take_u64());
	read_options();
	for (__u8 left = take_u8(); left; left--)
		read_entries();
}

void state_put_entries(const char *name)
{
	const struct map *map = map_named(name);

	put_u32(map->count);
	for (__u32 i = 0; i < MAP_BUCKETS; i++) {
		for (const struct element *e = map->buckets[i]; e; e = e->next) {
			put(e->key, map->key_size);
			put(e->value, map->value_size);
		}
	}
}

static void put_differences(const unsigned char *before, const unsigned char *after, __u32 size)
{
	__u64 old, new;

	for (__u32 i = 0; i < size; i += sizeof(new)) {
		memcpy(&old, before + i, sizeof(old));
		memcpy(&new, after + i, sizeof(new));
		put_u64(new - old);
	}
}

void state_put_changes(const char *name)
{
	const struct map *map = map_named(name);
	const struct array *array = &map->array;
	__u32 place = put_later(), count = 0;

	for (__u32 i = 0; i < array->touched_count; i++) {
		__u32 index = array->touched[i];
		const unsigned char *before = array->before[index], *after = array->values[index];

		if (!memcmp(before, after, map->value_size))
			continue;
		put_u32(index);
		put_differences(before, after, map->value_size);
		count++;
	}
	put_at(place, count);
}

void state_put_set(const char *name)
{
	const struct map *map = map_named(name);
	const struct array *array = &map->array;
	__u32 place = put_later(), count = 0;

	for (__u32 i = 0; i < array->touched_count; i++) {
		const unsigned char *value = array->values[array->touched[i]];

		if (!value[0] && !memcmp(value, value + 1, map->value_size - 1))
			continue;
		put_u32(array->touched[i]);
		put(value, map->value_size);
		count++;
	}
	put_at(place, count);
}
