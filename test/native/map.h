/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's maps, as plain as can be. Every value is an allocation of its own, of its exact
 * size, and an update of a hash replaces it: so the address sanitizer sees an access beyond a
 * value, and one to a value that was deleted or replaced, which in the kernel may be another flow's
 * by then.
 */
#ifndef NATIVE_MAP_H
#define NATIVE_MAP_H

#include <stdbool.h>
#include <linux/types.h>

#define MAP_BUCKETS 256

enum map_use {
	MAP_TABLE,    /* filled by the state of a case, told in its outcome */
	MAP_COUNTERS, /* of 64 bits; never zero, so that one that is set and not added to is seen */
	MAP_SCRATCH,  /* holds garbage when a program begins */
};

struct element {
	struct element *next;
	unsigned char *key;
	unsigned char *value;
};

/* The elements of an array are made when first asked for. */
struct array {
	unsigned char **values; /* by index */
	unsigned char **before; /* counters: the values before the packet in hand */
	__u32 *touched;		/* indexes that have a value */
	__u32 touched_count;
};

struct map {
	const void *id; /* the declaration, which the programs pass to the helpers */
	const char *name;
	__u32 type; /* BPF_MAP_TYPE_* */
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	enum map_use use;

	bool emptied; /* by another CPU, while the packet is in hand: pointers into it stay good */

	struct element *buckets[MAP_BUCKETS]; /* hashes; a trie uses the first */
	__u32 count;
	struct array array;
};

/* The data path's maps; programs.c defines them. */
extern struct map maps[];
extern const __u32 map_count;

struct map *map_of(const void *id);
struct map *map_named(const char *name);
bool map_is_array(const struct map *map);

/* As the helpers of these names: a value, or NULL; 0, or a negative errno. */
void *map_lookup(struct map *map, const void *key);
long map_update(struct map *map, const void *key, const void *value, __u64 flags);
long map_delete(struct map *map, const void *key);

/* Makes a map as it is when the object has just been loaded. */
void map_reset(struct map *map);

/* Readies all maps for a packet: notes counters, spoils scratch space. */
void maps_before_packet(void);

/*
 * Enters all elements of a hash into another, unless they are there, and lets the first one look
 * empty until the next packet.
 */
void hash_move(struct map *from, struct map *to);

void *hash_lookup(struct map *map, const void *key);
long hash_update(struct map *map, const void *key, const void *value, __u64 flags);
long hash_delete(struct map *map, const void *key);
void hash_reset(struct map *map);

void *trie_lookup(struct map *map, const void *key);
long trie_update(struct map *map, const void *key, const void *value, __u64 flags);

/* Whether an element was ever asked for. Counters must not be asked in this way: they begin with
 * something. */
bool array_has(const struct map *map, __u32 index);
void *array_lookup(struct map *map, const void *key);
long array_update(struct map *map, const void *key, const void *value, __u64 flags);
void array_reset(struct map *map);
void array_before_packet(struct map *map);

struct element *element_new(const struct map *map, const void *key, const void *value);
void element_free(struct element *element);

#endif
