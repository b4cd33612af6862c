/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A TCP or UDP packet as a recipe, and the bytes that it makes: every checksum computed from
 * scratch. Two packets that a rewrite should turn into each other are two recipes.
 */
#ifndef SLUICE_FUZZ_RECIPE_H
#define SLUICE_FUZZ_RECIPE_H

#include "harness.h"
#include "sum.h"

#define RECIPE_PAYLOAD	   64
#define RECIPE_TCP_OPTIONS 40
#define RECIPE_MAX	   256 /* bytes of the longest packet that a recipe makes */
#define ETH_LENGTH	   14
#define PROTOCOL_TCP	   6
#define PROTOCOL_UDP	   17

struct recipe {
	bool v6;
	bool udp_without_checksum;
	bool partial; /* the transport checksum is the pseudo-header's sum; the rest comes later */
	uint8_t protocol;
	uint8_t ttl;
	uint8_t options; /* IPv4: words of options; IPv6: destination options headers */
	uint8_t flags;	 /* TCP */
	uint8_t src[16]; /* of IPv4 the first four */
	uint8_t dst[16];
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint16_t window;	    /* TCP, as the options */
	uint8_t tcp_options_length; /* a multiple of 4 */
	uint8_t tcp_options[RECIPE_TCP_OPTIONS];
	uint8_t payload_length;
	uint8_t payload[RECIPE_PAYLOAD];
};

static inline size_t recipe_address_length(const struct recipe *r)
{
	return r->v6 ? 16 : 4;
}

/* Length of the IP header with its options or extension headers. */
static inline size_t recipe_ip_length(const struct recipe *r)
{
	return r->v6 ? 40 + 8 * r->options : 20 + 4 * r->options;
}

static inline size_t recipe_l4_length(const struct recipe *r)
{
	return (r->protocol == PROTOCOL_TCP ? 20 + r->tcp_options_length : 8) + r->payload_length;
}

/* Length of the IP packet. */
static inline size_t recipe_length(const struct recipe *r)
{
	return recipe_ip_length(r) + recipe_l4_length(r);
}

/* Offset of the checksum field in the transport header. */
static inline size_t recipe_check_offset(const struct recipe *r)
{
	return r->protocol == PROTOCOL_TCP ? 16 : 6;
}

static inline uint64_t recipe_pseudo_sum(const struct recipe *r)
{
	size_t size = recipe_address_length(r);

	return sum_bytes(r->src, size) + sum_bytes(r->dst, size) + r->protocol +
	       recipe_l4_length(r);
}

static inline void recipe_write_l4(const struct recipe *r, uint8_t *l4)
{
	uint8_t *payload = l4 + recipe_l4_length(r) - r->payload_length;
	uint16_t check;

	put16(l4, r->sport);
	put16(l4 + 2, r->dport);
	if (r->protocol == PROTOCOL_TCP) {
		put16(l4 + 4, r->seq >> 16);
		put16(l4 + 6, r->seq);
		put16(l4 + 8, r->ack >> 16);
		put16(l4 + 10, r->ack);
		l4[12] = (5 + r->tcp_options_length / 4) << 4;
		l4[13] = r->flags;
		put16(l4 + 14, r->window);
		memcpy(l4 + 20, r->tcp_options, r->tcp_options_length);
	} else {
		put16(l4 + 4, recipe_l4_length(r));
	}
	memcpy(payload, r->payload, r->payload_length);
	check = sum_checksum(recipe_pseudo_sum(r) + sum_bytes(l4, recipe_l4_length(r)));
	if (r->protocol == PROTOCOL_UDP && !check)
		check = 0xffff; /* RFC 768 */
	if (r->partial)
		check = sum_reduce(recipe_pseudo_sum(r));
	if (r->protocol == PROTOCOL_UDP && r->udp_without_checksum)
		check = 0;
	put16(l4 + recipe_check_offset(r), check);
}

static inline void recipe_write_v4(const struct recipe *r, uint8_t *ip)
{
	ip[0] = 0x40 + recipe_ip_length(r) / 4;
	put16(ip + 2, recipe_length(r));
	ip[8] = r->ttl;
	ip[9] = r->protocol;
	memcpy(ip + 12, r->src, 4);
	memcpy(ip + 16, r->dst, 4);
	memset(ip + 20, 1, 4 * r->options); /* no operation */
	put16(ip + 10, sum_checksum(sum_bytes(ip, recipe_ip_length(r))));
}

static inline void recipe_write_v6(const struct recipe *r, uint8_t *ip)
{
	uint8_t *next = ip + 6, *option = ip + 40;

	ip[0] = 0x60;
	put16(ip + 4, recipe_length(r) - 40);
	ip[7] = r->ttl;
	memcpy(ip + 8, r->src, 16);
	memcpy(ip + 24, r->dst, 16);
	for (int i = 0; i < r->options; i++, option += 8) {
		*next = 60;
		next = option;
		option[2] = 1; /* padding to 8 bytes: PadN of 4 */
		option[3] = 4;
	}
	*next = r->protocol;
}

/* Writes the IP packet into `out`, which must be RECIPE_MAX long; returns its length. */
static inline size_t recipe_write(const struct recipe *r, uint8_t *out)
{
	memset(out, 0, RECIPE_MAX);
	if (r->v6)
		recipe_write_v6(r, out);
	else
		recipe_write_v4(r, out);
	recipe_write_l4(r, out + recipe_ip_length(r));
	return recipe_length(r);
}

/* Writes an Ethernet header. */
static inline void write_ethernet(uint8_t *frame, bool v6)
{
	static const uint8_t macs[12] = {2, 0, 0, 0, 1, 1, 2, 0, 0, 0, 1, 2};

	memcpy(frame, macs, sizeof(macs));
	put16(frame + 12, v6 ? 0x86dd : 0x0800);
}

/* Reads a recipe from the input; whatever the bytes, the packet is sound. */
static inline void take_recipe(struct cursor *c, struct recipe *r)
{
	uint8_t kind = take8(c);

	memset(r, 0, sizeof(*r));
	r->v6 = kind & 1;
	r->protocol = kind & 2 ? PROTOCOL_TCP : PROTOCOL_UDP;
	r->udp_without_checksum = kind & 4;
	r->options = kind >> 4 & 3;
	r->ttl = 2 + take8(c) % 254; /* one that may be forwarded */
	r->flags = take8(c);
	take(c, r->src, recipe_address_length(r));
	take(c, r->dst, recipe_address_length(r));
	r->sport = take16(c);
	r->dport = take16(c);
	r->seq = take32(c);
	r->ack = take32(c);
	r->payload_length = take8(c) % RECIPE_PAYLOAD;
	take(c, r->payload, r->payload_length);
}

#endif
