// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The parser on arbitrary bytes: never reads outside the readable part of the frame, changes
 * nothing, gives offsets inside the packet, and says the same as the naive parser.
 *
 * Input: a byte of options (1: GSO; 2: part of the frame is not readable), two bytes that say how
 * much is, the frame.
 */
#include "harness.h"
#include "naive_parser.h"
#include "packet.h"

enum { PARSER_GSO = 1, PARSER_NONLINEAR = 2 };

static void check_offsets(const struct packet *p, const struct naive_frame *f)
{
	uint32_t end = p->l3 + p->length;

	FUZZ_CHECK(p->l3 == 14, "l3 is %u", p->l3);
	FUZZ_CHECK(p->l4 > p->l3 && p->l4 <= end, "l4 %u, packet [%u, %u)", p->l4, p->l3, end);
	FUZZ_CHECK(end <= f->total, "packet ends at %u, frame at %u", end, f->total);
	if (p->fragment == FRAGMENT_LATER || packet_is_icmp(p))
		return;
	FUZZ_CHECK(p->l4_length >= 8, "transport header of %u bytes", p->l4_length);
	FUZZ_CHECK(p->l4 + (p->key.protocol == IPPROTO_TCP ? 20 : 8) <= f->seen,
		   "l4 %u, readable %u", p->l4, f->seen);
}

static void check_addresses(const struct packet *p, const struct naive_packet *n)
{
	FUZZ_CHECK(p->family == (n->version == 4 ? AF_INET : AF_INET6), "family %u", p->family);
	FUZZ_CHECK(!memcmp(p->key.src.bytes, n->src, 16), "another source address");
	FUZZ_CHECK(!memcmp(p->key.dst.bytes, n->dst, 16), "another destination address");
	FUZZ_CHECK(!(p->key.pad[0] | p->key.pad[1] | p->key.pad[2]), "padding is not zero");
}

static void check_network(const struct packet *p, const struct naive_packet *n)
{
	uint32_t id = p->family == AF_INET ? bpf_ntohs(p->fragment_id) : bpf_ntohl(p->fragment_id);
	uint8_t fragment = n->later ? FRAGMENT_LATER : n->first ? FRAGMENT_FIRST : FRAGMENT_NONE;

	FUZZ_CHECK(p->l3 + p->length == n->end, "ends at %u, not %u", p->l3 + p->length, n->end);
	FUZZ_CHECK(p->l4 == n->transport, "l4 %u, not %u", p->l4, n->transport);
	FUZZ_CHECK(p->ttl == n->ttl, "TTL %u, not %u", p->ttl, n->ttl);
	FUZZ_CHECK(p->key.protocol == n->protocol, "protocol %u, not %u", p->key.protocol,
		   n->protocol);
	FUZZ_CHECK(p->fragment == fragment, "fragment %u, not %u", p->fragment, fragment);
	FUZZ_CHECK(id == n->id, "id %x, not %x", id, n->id);
}

static void check_transport(const struct packet *p, const struct naive_packet *n)
{
	FUZZ_CHECK(bpf_ntohs(p->key.sport) == n->sport, "sport %u, not %u", bpf_ntohs(p->key.sport),
		   n->sport);
	FUZZ_CHECK(bpf_ntohs(p->key.dport) == n->dport, "dport %u, not %u", bpf_ntohs(p->key.dport),
		   n->dport);
	FUZZ_CHECK(bpf_ntohl(p->seq) == n->seq, "seq %x, not %x", bpf_ntohl(p->seq), n->seq);
	FUZZ_CHECK(bpf_ntohl(p->ack) == n->ack, "ack %x, not %x", bpf_ntohl(p->ack), n->ack);
	FUZZ_CHECK(p->tcp_flags == n->flags, "flags %x, not %x", p->tcp_flags, n->flags);
	FUZZ_CHECK(p->l4_length == n->header_length, "header of %u bytes, not %u", p->l4_length,
		   n->header_length);
}

static void check_parser(struct naive_frame *f)
{
	uint8_t *frame = exact_copy(f->bytes, f->seen);
	struct packet p = {}, again = {};
	struct naive_packet n = {};
	enum reason reason = parse_frame(frame, frame + f->seen, f->total, f->gso, &p);
	enum reason expected = naive_parse(f, &n);

	FUZZ_CHECK(reason == expected, "reason %d, not %d", reason, expected);
	FUZZ_CHECK(!memcmp(frame, f->bytes, f->seen), "the parser wrote into the frame");
	FUZZ_CHECK(parse_frame(frame, frame + f->seen, f->total, f->gso, &again) == reason &&
			   !memcmp(&p, &again, sizeof(p)),
		   "a second time it says something else");
	if (!reason) {
		check_offsets(&p, f);
		check_addresses(&p, &n);
		check_network(&p, &n);
		check_transport(&p, &n);
	}
	free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {data, size};
	uint8_t options = take8(&c);
	uint16_t readable = take16(&c);
	struct naive_frame f = {c.at, c.left, c.left, options & PARSER_GSO};

	if (options & PARSER_NONLINEAR && readable < f.seen)
		f.seen = readable;
	check_parser(&f);
	return 0;
}
