/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Fragments: the first one teaches the ports of its datagram, the later ones look them up. */
#ifndef SLUICE_FRAGMENT_H
#define SLUICE_FRAGMENT_H

#include "flow.h"

#define FRAGMENT_LIFE \
	30 /* epochs, about as long as a host waits for the rest (RFC 1122, 3.3.2: 60 to 120 s) */

static __always_inline void fragment_key_of(struct fragment_key *key, const struct packet *p)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->src = p->key.src;
	key->dst = p->key.dst;
	key->id = p->fragment_id;
	key->protocol = p->key.protocol;
}

/* Remembers the ports of a first fragment of one of our flows. */
static __always_inline void fragment_learn(const struct packet *p, __u64 now)
{
	struct fragment_ports ports = {
		.sport = p->key.sport, .dport = p->key.dport, .epoch = now >> EPOCH_SHIFT};
	struct fragment_key key;

	if (p->fragment != FRAGMENT_FIRST)
		return;
	fragment_key_of(&key, p);
	bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY);
}

/* A first fragment that is not ours: what we know of an older datagram with its id must not catch
 * its rest. */
static __always_inline void fragment_forget(const struct packet *p)
{
	struct fragment_key key;

	if (p->fragment != FRAGMENT_FIRST)
		return;
	fragment_key_of(&key, p);
	bpf_map_delete_elem(&fragments, &key);
}

/* Completes the 5-tuple of a later fragment. False if its first fragment was not seen lately. */
static __always_inline bool fragment_resolve(struct packet *p, __u64 now)
{
	struct fragment_ports *ports;
	struct fragment_key key;

	if (p->fragment != FRAGMENT_LATER)
		return true;
	fragment_key_of(&key, p);
	ports = bpf_map_lookup_elem(&fragments, &key);
	if (!ports || (__u32)(now >> EPOCH_SHIFT) - ports->epoch > FRAGMENT_LIFE)
		return false;
	p->key.sport = ports->sport;
	p->key.dport = ports->dport;
	return true;
}

#endif
