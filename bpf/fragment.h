/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Fragments: the first one teaches the ports of its datagram, the later ones look them up. */
#ifndef SLUICE_FRAGMENT_H
#define SLUICE_FRAGMENT_H

#include "packet.h"
#include "maps.h"

static __always_inline void fragment_key_of(struct fragment_key *key, const struct packet *p)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->src = p->key.src;
	key->dst = p->key.dst;
	key->id = p->fragment_id;
	key->protocol = p->key.protocol;
}

/* Remembers the ports of a first fragment of one of our flows. */
static __always_inline void fragment_learn(const struct packet *p)
{
	struct fragment_ports ports = {.sport = p->key.sport, .dport = p->key.dport};
	struct fragment_key key;

	if (p->fragment != FRAGMENT_FIRST)
		return;
	fragment_key_of(&key, p);
	bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY);
}

/* Completes the 5-tuple of a later fragment. False if its first fragment was not seen. */
static __always_inline bool fragment_resolve(struct packet *p)
{
	struct fragment_ports *ports;
	struct fragment_key key;

	if (p->fragment != FRAGMENT_LATER)
		return true;
	fragment_key_of(&key, p);
	ports = bpf_map_lookup_elem(&fragments, &key);
	if (!ports)
		return false;
	p->key.sport = ports->sport;
	p->key.dport = ports->dport;
	return true;
}

#endif
