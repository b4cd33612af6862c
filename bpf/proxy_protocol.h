/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The header by which a target learns of the client's address: version 2 of the PROXY protocol
 * (haproxy.org, proxy-protocol.txt, 2.2).
 */
#ifndef SLUICE_PROXY_PROTOCOL_H
#define SLUICE_PROXY_PROTOCOL_H

#include "packet.h"

#define PROXY_SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define PROXY_V2_PROXY	0x21 /* version 2, for a client */
#define PROXY_TCP_V4	0x11
#define PROXY_TCP_V6	0x21
#define PROXY_AUTHORITY 0x02 /* a host name */
#define PROXY_START	16   /* bytes before the addresses */
#define PROXY_V4_LENGTH 12   /* of addresses and ports */
#define PROXY_V6_LENGTH 36

struct proxy_v4 {
	__be32 src;
	__be32 dst;
	__be16 sport;
	__be16 dport;
};

struct proxy_v6 {
	struct in6_addr src;
	struct in6_addr dst;
	__be16 sport;
	__be16 dport;
};

struct proxy_header {
	__u8 signature[12];
	__u8 version_command;
	__u8 family;
	__be16 length; /* of what follows, all of it */
	union {
		struct proxy_v4 v4;
		struct proxy_v6 v6;
	};
	__u8 pad[12]; /* to 64 bytes, as many as the verifier can be told of */
};

/* What may follow the addresses. */
struct proxy_tlv {
	__u8 type;
	__be16 length;
} __attribute__((packed));

/* Bytes of a header with a name of `name_length` bytes; 0: without. */
static __always_inline __u32 proxy_header_length(__u8 family, __u32 name_length)
{
	return PROXY_START + (family == AF_INET ? PROXY_V4_LENGTH : PROXY_V6_LENGTH) +
	       (name_length ? sizeof(struct proxy_tlv) + name_length : 0);
}

/* Fills a header of `length` bytes, all but the name: addresses and ports are what the client
 * sees, on its packets. */
static __always_inline void proxy_header_fill(struct proxy_header *header,
					      const struct flow_key *client, __u8 family,
					      __u32 length)
{
	__builtin_memset(header, 0, sizeof(*header));
	__builtin_memcpy(header->signature, PROXY_SIGNATURE, sizeof(header->signature));
	header->version_command = PROXY_V2_PROXY;
	header->length = bpf_htons(length - PROXY_START);
	if (family == AF_INET) {
		header->family = PROXY_TCP_V4;
		header->v4.src = address_to_v4(&client->src);
		header->v4.dst = address_to_v4(&client->dst);
		header->v4.sport = client->sport;
		header->v4.dport = client->dport;
	} else {
		header->family = PROXY_TCP_V6;
		address_to_v6(&header->v6.src, &client->src);
		address_to_v6(&header->v6.dst, &client->dst);
		header->v6.sport = client->sport;
		header->v6.dport = client->dport;
	}
}

_Static_assert(sizeof(struct proxy_header) == 64, "header");
_Static_assert(sizeof(struct proxy_tlv) == 3, "TLV");

#endif
