// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The longest-prefix tree, as a list. */
#include <errno.h>
#include <string.h>
#include <linux/bpf.h>

#include "map.h"

/* The key of every such map begins with the length of the prefix in bits. */
static __u32 prefix_length(const void *key)
{
	__u32 bits;

	memcpy(&bits, key, sizeof(bits));
	return bits;
}

static __u32 longest_prefix(const struct map *map)
{
	return (map->key_size - sizeof(__u32)) * 8;
}

static bool prefix_equal(const void *a, const void *b, __u32 bits)
{
	const unsigned char *x = (const unsigned char *)a + sizeof(__u32);
	const unsigned char *y = (const unsigned char *)b + sizeof(__u32);
	__u32 rest = bits % 8;

	if (memcmp(x, y, bits / 8))
		return false;
	return !rest || !((x[bits / 8] ^ y[bits / 8]) >> (8 - rest));
}

void *trie_lookup(struct map *map, const void *key)
{
	struct element *element, *best = NULL;

	if (prefix_length(key) > longest_prefix(map))
		return NULL;
	for (element = map->buckets[0]; element; element = element->next) {
		__u32 bits = prefix_length(element->key);

		if (bits <= prefix_length(key) && prefix_equal(element->key, key, bits) &&
		    (!best || bits > prefix_length(best->key)))
			best = element;
	}
	return best ? best->value : NULL;
}

long trie_update(struct map *map, const void *key, const void *value, __u64 flags)
{
	struct element *element = map->buckets[0];

	if (flags > BPF_EXIST || prefix_length(key) > longest_prefix(map))
		return -EINVAL;
	while (element && (prefix_length(element->key) != prefix_length(key) ||
			   !prefix_equal(element->key, key, prefix_length(key))))
		element = element->next;
	if (element && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!element && flags == BPF_EXIST)
		return -ENOENT;
	if (element) {
		memcpy(element->value, value, map->value_size);
		return 0;
	}
	if (map->count >= map->max_entries)
		return -ENOSPC;
	element = element_new(map, key, value);
	element->next = map->buckets[0];
	map->buckets[0] = element;
	map->count++;
	return 0;
}
