/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * For targets that need more than pure functions: the whole data path with the helpers and maps of
 * test/native/, as part of the target itself, so that also its inner functions can be called.
 */
#ifndef SLUICE_FUZZ_PROGRAM_H
#define SLUICE_FUZZ_PROGRAM_H

#include "programs.c"

#include "chance.h"
#include "harness.h"
#include "recipe.h"

/* The address that a recipe holds, in the data path's form. */
static inline struct address recipe_address(const struct recipe *r, const uint8_t *bytes)
{
	struct address address = {};
	__be32 v4;

	if (r->v6) {
		memcpy(address.bytes, bytes, 16);
	} else {
		memcpy(&v4, bytes, 4);
		address_from_v4(&address, v4);
	}
	return address;
}

/* The flow key of a packet made by `r`. */
static inline struct flow_key recipe_key(const struct recipe *r)
{
	return (struct flow_key){
		.src = recipe_address(r, r->src),
		.dst = recipe_address(r, r->dst),
		.sport = bpf_htons(r->sport),
		.dport = bpf_htons(r->dport),
		.protocol = r->protocol,
	};
}

/*
 * Both halves of the flow whose forward half turns packets of `from` into packets of `to`: computed
 * by the data path itself.
 */
static inline void draft_of(struct flow_draft *draft, const struct recipe *from,
			    const struct recipe *to)
{
	struct flow_key after = recipe_key(to);

	memset(draft, 0, sizeof(*draft));
	draft->key = recipe_key(from);
	draft->forward.src = after.src;
	draft->forward.dst = after.dst;
	draft->forward.sport = after.sport;
	draft->forward.dport = after.dport;
	draft_reply(draft);
}

/* The recipe of a packet in the other direction. */
static inline struct recipe recipe_turned(const struct recipe *r)
{
	struct recipe turned = *r;

	memcpy(turned.src, r->dst, sizeof(r->dst));
	memcpy(turned.dst, r->src, sizeof(r->src));
	turned.sport = r->dport;
	turned.dport = r->sport;
	return turned;
}

/* The recipe of the packet that comes out: new addresses and ports, one hop later. */
static inline struct recipe take_rewrite(struct cursor *c, const struct recipe *from)
{
	struct recipe to = *from;

	take(c, to.src, recipe_address_length(from));
	take(c, to.dst, recipe_address_length(from));
	to.sport = take16(c);
	to.dport = take16(c);
	to.ttl = from->ttl - 1;
	return to;
}

#endif
