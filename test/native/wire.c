// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "wire.h"

#define READ_SIZE    (1u << 20)
#define FLUSH_BEHIND (1u << 18)

struct bytes {
	unsigned char *at;
	__u32 length; /* in use */
	__u32 room;
};

static struct bytes input, answer, output;
static __u32 input_taken; /* requests already done with */
static const unsigned char *request;
static __u32 request_left;

static void make_room(struct bytes *bytes, __u32 more)
{
	if (bytes->room - bytes->length >= more)
		return;
	bytes->room = (bytes->length + more) * 2;
	bytes->at = realloc(bytes->at, bytes->room);
	if (!bytes->at)
		die("no memory for %u bytes", bytes->room);
}

void wire_flush(void)
{
	__u32 done = 0;

	while (done < output.length) {
		ssize_t count = write(STDOUT_FILENO, output.at + done, output.length - done);

		if (count < 0 && errno != EINTR)
			die("nobody reads the answers");
		if (count > 0)
			done += count;
	}
	output.length = 0;
}

/* Reads until `wanted` bytes are there behind input_taken. False at the end of input. */
static bool read_input(__u32 wanted)
{
	if (input_taken) {
		memmove(input.at, input.at + input_taken, input.length - input_taken);
		input.length -= input_taken;
		input_taken = 0;
	}
	wire_flush();
	while (input.length < wanted) {
		ssize_t count;

		make_room(&input, READ_SIZE);
		count = read(STDIN_FILENO, input.at + input.length, READ_SIZE);
		if (!count)
			return false;
		if (count < 0 && errno != EINTR)
			die("stdin cannot be read");
		if (count > 0)
			input.length += count;
	}
	return true;
}

bool wire_read_request(void)
{
	__u32 length;

	if (input.length - input_taken < sizeof(length) && !read_input(sizeof(length))) {
		if (input.length)
			die("the input ends within a request");
		return false;
	}
	memcpy(&length, input.at + input_taken, sizeof(length));
	if (input.length - input_taken - sizeof(length) < length &&
	    !read_input(sizeof(length) + length))
		die("the input ends within a request");
	request = input.at + input_taken + sizeof(length);
	request_left = length;
	input_taken += sizeof(length) + length;
	return true;
}

const unsigned char *take(__u32 length)
{
	const unsigned char *taken = request;

	if (length > request_left)
		die("a request ends too early");
	request += length;
	request_left -= length;
	return taken;
}

__u8 take_u8(void)
{
	return *take(1);
}

__u16 take_u16(void)
{
	__u16 value;

	memcpy(&value, take(sizeof(value)), sizeof(value));
	return value;
}

__u32 take_u32(void)
{
	__u32 value;

	memcpy(&value, take(sizeof(value)), sizeof(value));
	return value;
}

__u64 take_u64(void)
{
	__u64 value;

	memcpy(&value, take(sizeof(value)), sizeof(value));
	return value;
}

void put(const void *bytes, __u32 length)
{
	make_room(&answer, length);
	if (length)
		memcpy(answer.at + answer.length, bytes, length);
	answer.length += length;
}

void put_u8(__u8 value)
{
	put(&value, sizeof(value));
}

void put_u32(__u32 value)
{
	put(&value, sizeof(value));
}

void put_u64(__u64 value)
{
	put(&value, sizeof(value));
}

__u32 put_later(void)
{
	put_u32(0);
	return answer.length - sizeof(__u32);
}

void put_at(__u32 place, __u32 value)
{
	memcpy(answer.at + place, &value, sizeof(value));
}

void wire_answer(void)
{
	make_room(&output, sizeof(answer.length) + answer.length);
	memcpy(output.at + output.length, &answer.length, sizeof(answer.length));
	output.length += sizeof(answer.length);
	if (answer.length)
		memcpy(output.at + output.length, answer.at, answer.length);
	output.length += answer.length;
	answer.length = 0;
	if (output.length >= FLUSH_BEHIND)
		wire_flush();
}
