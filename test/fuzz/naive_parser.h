/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * A second parser, written for being obviously right: bytes by index, numbers in host order. It
 * shares with bpf/packet.h the numbers of enum reason, and nothing else.
 */
#ifndef SLUICE_FUZZ_NAIVE_PARSER_H
#define SLUICE_FUZZ_NAIVE_PARSER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "abi.h"

/* A frame of `total` bytes, of which the first `seen` can be read. */
struct naive_frame {
	const uint8_t *bytes;
	uint32_t seen;
	uint32_t total;
	bool gso;
};

struct naive_packet {
	uint8_t src[16], dst[16];
	uint32_t ip, transport, end; /* offsets in the frame */
	uint32_t id, seq, ack;
	uint16_t sport, dport;
	uint8_t version, protocol, ttl, flags, header_length;
	bool first, later; /* of a fragmented datagram */
};

static inline uint32_t naive_number(const struct naive_frame *f, uint32_t at, int size)
{
	uint32_t n = 0;

	for (int i = 0; i < size; i++)
		n = n * 256 + f->bytes[at + i];
	return n;
}

static inline enum reason naive_tcp(const struct naive_frame *f, struct naive_packet *n)
{
	uint32_t at = n->transport;

	if (at + 20 > f->seen || at + 20 > n->end)
		return REASON_PASSED_MALFORMED;
	n->header_length = naive_number(f, at + 12, 1) / 16 * 4;
	if (n->header_length < 20 || at + n->header_length > n->end)
		return REASON_PASSED_MALFORMED;
	n->sport = naive_number(f, at, 2);
	n->dport = naive_number(f, at + 2, 2);
	n->seq = naive_number(f, at + 4, 4);
	n->ack = naive_number(f, at + 8, 4);
	n->flags = naive_number(f, at + 13, 1);
	return REASON_NONE;
}

static inline enum reason naive_udp(const struct naive_frame *f, struct naive_packet *n)
{
	uint32_t at = n->transport, length;

	if (at + 8 > f->seen || at + 8 > n->end)
		return REASON_PASSED_MALFORMED;
	length = naive_number(f, at + 4, 2);
	if (length < 8 || (!n->first && at + length > n->end))
		return REASON_PASSED_MALFORMED;
	n->header_length = 8;
	n->sport = naive_number(f, at, 2);
	n->dport = naive_number(f, at + 2, 2);
	return REASON_NONE;
}

static inline enum reason naive_transport(const struct naive_frame *f, struct naive_packet *n)
{
	if (n->protocol == (n->version == 4 ? 1 : 58))
		return REASON_NONE;
	if (n->protocol != 6 && n->protocol != 17)
		return REASON_PASSED_OTHER_PROTOCOL;
	if (n->later)
		return REASON_NONE;
	return n->protocol == 6 ? naive_tcp(f, n) : naive_udp(f, n);
}

static inline enum reason naive_v4(const struct naive_frame *f, struct naive_packet *n)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint32_t length, header, offset;

	if (f->seen < 34)
		return REASON_PASSED_MALFORMED;
	header = naive_number(f, 14, 1) % 16 * 4;
	length = naive_number(f, 16, 2);
	if (!length && f->gso)
		length = f->total - 14;
	if (naive_number(f, 14, 1) / 16 != 4 || header < 20 || header > length ||
	    14 + length > f->total)
		return REASON_PASSED_MALFORMED;
	n->version = 4;
	n->transport = 14 + header;
	n->end = 14 + length;
	n->ttl = naive_number(f, 22, 1);
	n->protocol = naive_number(f, 23, 1);
	memcpy(n->src, mapped, 12);
	memcpy(n->dst, mapped, 12);
	memcpy(n->src + 12, f->bytes + 26, 4);
	memcpy(n->dst + 12, f->bytes + 30, 4);
	offset = naive_number(f, 20, 2) % 8192;
	n->later = offset > 0;
	n->first = !n->later && naive_number(f, 20, 1) / 32 % 2;
	if (n->later || n->first)
		n->id = naive_number(f, 18, 2);
	return naive_transport(f, n);
}

static inline bool naive_is_skipped(uint8_t type)
{
	return type == 0 || type == 60 ||
	       type == 44; /* hop-by-hop, destination options, fragment */
}

/* Steps over one extension header; its type is n->protocol. */
static inline enum reason naive_step(const struct naive_frame *f, struct naive_packet *n)
{
	bool fragment = n->protocol == 44;
	uint32_t at = n->transport;

	if (at + (fragment ? 8 : 2) > f->seen)
		return REASON_PASSED_MALFORMED;
	n->protocol = f->bytes[at];
	n->transport += fragment ? 8 : 8 + 8 * f->bytes[at + 1];
	if (n->transport > n->end)
		return REASON_PASSED_MALFORMED;
	if (fragment) {
		n->later = naive_number(f, at + 2, 2) / 8 > 0;
		n->first = !n->later && naive_number(f, at + 2, 2) % 2;
		n->id = naive_number(f, at + 4, 4);
	}
	if (!n->later && n->transport > 1023) /* farther than the programs read */
		return REASON_PASSED_EXTENSION_HEADERS;
	return REASON_NONE;
}

static inline bool naive_is_mapped(const uint8_t *a)
{
	for (int i = 0; i < 10; i++)
		if (a[i])
			return false;
	return a[10] == 0xff && a[11] == 0xff;
}

static inline enum reason naive_v6(const struct naive_frame *f, struct naive_packet *n)
{
	uint32_t payload;

	if (f->seen < 54 || f->bytes[14] / 16 != 6)
		return REASON_PASSED_MALFORMED;
	payload = naive_number(f, 18, 2);
	if (!payload && f->gso)
		payload = f->total - 54;
	n->version = 6;
	n->transport = 54;
	n->end = 54 + payload;
	n->protocol = f->bytes[20];
	n->ttl = f->bytes[21];
	memcpy(n->src, f->bytes + 22, 16);
	memcpy(n->dst, f->bytes + 38, 16);
	if (n->end > f->total || naive_is_mapped(n->src) || naive_is_mapped(n->dst))
		return REASON_PASSED_MALFORMED;
	/* What a first fragment has behind its header, a later one does not tell. */
	for (int i = 0; i < 4 && naive_is_skipped(n->protocol) && !n->first && !n->later; i++) {
		enum reason reason = naive_step(f, n);

		if (reason)
			return reason;
	}
	if (naive_is_skipped(n->protocol) || n->protocol == 43)
		return REASON_PASSED_EXTENSION_HEADERS;
	return naive_transport(f, n);
}

/* REASON_NONE and a filled `n` (zeroed before), or why the frame is not for us. */
static inline enum reason naive_parse(const struct naive_frame *f, struct naive_packet *n)
{
	if (f->seen < 14)
		return REASON_PASSED_MALFORMED;
	n->ip = 14;
	switch (naive_number(f, 12, 2)) {
	case 0x0800:
		return naive_v4(f, n);
	case 0x86dd:
		return naive_v6(f, n);
	case 0x8100:
	case 0x88a8:
		return REASON_PASSED_VLAN;
	default:
		return REASON_PASSED_NOT_IP;
	}
}

#endif
