// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The ClientHello parser beside a naive one that has all bytes at once: it says the same of every
 * stream, in whatever pieces the stream comes, and never reads beyond what is there.
 */
#include <bpf/bpf_helpers.h>

#include "hello.h"

#include "harness.h"

#define STREAM_MASK 4095u
#define STREAM_ROOM (STREAM_MASK + 1)

enum naive { NAIVE_MORE, NAIVE_NAME, NAIVE_NONE };

/* A stream of records, read from its beginning. */
struct naive_reader {
	const uint8_t *bytes;
	size_t count, at;
	uint32_t record, message;
	bool has_length;
	enum naive failed; /* NAIVE_NAME: not yet */
};

static uint8_t naive_raw(struct naive_reader *r)
{
	if (r->failed != NAIVE_NAME)
		return 0;
	if (r->at >= r->count) {
		r->failed = NAIVE_MORE;
		return 0;
	}
	return r->bytes[r->at++];
}

static void naive_must(struct naive_reader *r, bool holds)
{
	if (r->failed == NAIVE_NAME && !holds)
		r->failed = NAIVE_NONE;
}

static uint8_t naive_byte(struct naive_reader *r)
{
	if (r->has_length)
		naive_must(r, r->message > 0);
	if (!r->record) {
		naive_must(r, naive_raw(r) == 22);
		naive_must(r, naive_raw(r) == 3);
		naive_raw(r);
		r->record = naive_raw(r) << 8;
		r->record |= naive_raw(r);
		naive_must(r, r->record && r->record <= 16384);
	}
	r->record--;
	r->message--;
	return naive_raw(r);
}

static uint32_t naive_field(struct naive_reader *r, int bytes)
{
	uint32_t number = 0;

	while (bytes-- && r->failed == NAIVE_NAME)
		number = number << 8 | naive_byte(r);
	return number;
}

static void naive_skip(struct naive_reader *r, uint32_t bytes)
{
	naive_must(r, bytes <= r->message);
	while (bytes-- && r->failed == NAIVE_NAME)
		naive_byte(r);
}

static void naive_name(struct naive_reader *r, uint32_t room, uint64_t *hash)
{
	uint32_t list, length;

	list = naive_field(r, 2);
	naive_must(r, list + 2 <= room);
	naive_must(r, naive_field(r, 1) == 0);
	length = naive_field(r, 2);
	naive_must(r, length && length <= 255 && length + 3 <= list);
	*hash = 0xcbf29ce484222325ull;
	while (length-- && r->failed == NAIVE_NAME) {
		uint8_t byte = naive_byte(r);

		*hash = (*hash ^ (byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte)) *
			0x100000001b3ull;
	}
}

static enum naive naive_read(const uint8_t *bytes, size_t count, uint64_t *hash)
{
	struct naive_reader r = {.bytes = bytes, .count = count, .failed = NAIVE_NAME};
	uint32_t left, type, length;

	naive_must(&r, naive_field(&r, 1) == 1);
	length = naive_field(&r, 3);
	r.message = length;
	r.has_length = true;
	naive_skip(&r, 34);
	naive_skip(&r, naive_field(&r, 1));
	naive_skip(&r, naive_field(&r, 2));
	naive_skip(&r, naive_field(&r, 1));
	left = naive_field(&r, 2);
	naive_must(&r, left <= r.message);
	while (r.failed == NAIVE_NAME) {
		naive_must(&r, left >= 4);
		type = naive_field(&r, 2);
		length = naive_field(&r, 2);
		left -= 4;
		naive_must(&r, length <= left);
		left -= length;
		if (r.failed == NAIVE_NAME && !type) {
			naive_name(&r, length, hash);
			break;
		}
		naive_must(&r, length <= r.message && left >= 4);
		naive_skip(&r, length);
	}
	return r.failed;
}

/* The parser, given the stream up to `end`. */
static enum hello_verdict read_to(struct hello *h, const uint8_t *bytes, size_t end)
{
	for (int i = 0; i < HELLO_ROUNDS; i++) {
		if (!hello_read_some(h, bytes, end, STREAM_MASK))
			return h->verdict;
	}
	return HELLO_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = {.at = data, .left = size};
	size_t piece = take8(&c) + 1, count = c.left < STREAM_ROOM ? c.left : STREAM_ROOM;
	uint8_t *stream = calloc(1, STREAM_ROOM);
	enum hello_verdict verdict;
	struct hello hello = {};
	uint64_t hash = 0;
	enum naive naive;

	memcpy(stream, c.at, count);
	for (size_t end = piece; end < count; end += piece)
		read_to(&hello, stream, end);
	verdict = read_to(&hello, stream, count);
	naive = naive_read(stream, count, &hash);
	FUZZ_CHECK(verdict == (enum hello_verdict)naive, "parser says %d, naive one %d", verdict,
		   naive);
	FUZZ_CHECK(verdict != HELLO_NAME || hello.name_hash == hash, "another name");
	FUZZ_CHECK(hello.read <= count, "read %u of %zu", hello.read, count);
	free(stream);
	return 0;
}
