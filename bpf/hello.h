/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The host name of a TLS ClientHello (RFC 8446, 4.1.2; RFC 6066, 3), read byte by byte as it
 * comes: over any number of TCP segments and of TLS records (RFC 8446, 5.1). Routes know the name
 * by hashes: of all of it, and of `*` and what follows its first label.
 *
 * Every length is checked against the one around it. What is no ClientHello, or holds no name, is
 * found out at the first byte that says so.
 */
#ifndef SLUICE_HELLO_H
#define SLUICE_HELLO_H

#include <stdbool.h>
#include <linux/types.h>

/*
 * Bytes looked at in one go; longer skips count once. What takes more than all rounds is taken for
 * nameless, so nothing ever waits for a byte that does not come.
 */
#define HELLO_STEPS  16
#define HELLO_ROUNDS 64

#define TLS_HANDSHAKE	       22
#define TLS_MAJOR_VERSION      3
#define TLS_RECORD_HEADER      5
#define TLS_MAX_FRAGMENT       16384
#define TLS_CLIENT_HELLO       1
#define TLS_VERSION_AND_RANDOM 34
#define EXTENSION_HEADER       4
#define TLS_SERVER_NAME	       0
#define TLS_HOST_NAME	       0
#define MAX_NAME	       255 /* RFC 1035, 2.3.4 */

#define FNV_OFFSET 0xcbf29ce484222325ull
#define FNV_PRIME  0x100000001b3ull

enum hello_verdict {
	HELLO_MORE, /* the name may still come */
	HELLO_NAME,
	HELLO_NONE, /* not TLS, or no name */
};

/* What is read next, in the order in which it comes. */
enum hello_step {
	HELLO_TYPE,
	HELLO_LENGTH,
	HELLO_SESSION,
	HELLO_CIPHERS,
	HELLO_COMPRESSIONS,
	HELLO_EXTENSIONS,
	HELLO_EXTENSION_TYPE,
	HELLO_EXTENSION_LENGTH,
	HELLO_LIST,
	HELLO_NAME_TYPE,
	HELLO_NAME_LENGTH,
	HELLO_NAME_BYTES,
};

/* Where reading has come to. Zeroed at the beginning. */
struct hello {
	__u64 name_hash;
	__u64 wildcard_hash; /* 0: the name has one label only */
	__u32 number;	     /* the number being read */
	__u32 message_left;  /* of the handshake message */
	__u32 skip;	     /* bytes of it that do not matter */
	__u16 read;	     /* bytes of the stream that were looked at */
	__u16 record_length; /* of the record's fragment */
	__u16 record_left;
	__u16 extensions_left;
	__u16 extension_type;
	__u16 extension_left;
	__u16 list_left;
	__u16 name_left;
	__u8 header_bytes; /* of the record's header */
	__u8 number_bytes; /* of the number being read */
	__u8 step;	   /* enum hello_step */
	__u8 verdict;	   /* enum hello_verdict */
	__u8 name_bytes;   /* of the name that were read */
	__u8 pad[7];
	__u8 name[MAX_NAME + 1]; /* as the client has sent it */
};

static __always_inline void hello_fail(struct hello *h)
{
	h->verdict = HELLO_NONE;
}

/* A byte of a record's header: type, version, length. */
static __always_inline void hello_record_byte(struct hello *h, __u8 byte)
{
	__u8 index = h->header_bytes++;

	if ((index == 0 && byte != TLS_HANDSHAKE) || (index == 1 && byte != TLS_MAJOR_VERSION))
		hello_fail(h);
	h->record_length = h->record_length << 8 | byte; /* the last two bytes remain */
	if (index < TLS_RECORD_HEADER - 1)
		return;
	h->record_left = h->record_length;
	h->header_bytes = 0;
	if (!h->record_left || h->record_left > TLS_MAX_FRAGMENT)
		hello_fail(h);
}

/* Passes over `bytes` of the message, if it is that long. */
static __always_inline void hello_skip(struct hello *h, __u32 bytes)
{
	h->skip = bytes;
	if (bytes > h->message_left)
		hello_fail(h);
}

static __always_inline __u8 hello_width(__u8 step)
{
	switch (step) {
	case HELLO_LENGTH:
		return 3;
	case HELLO_TYPE:
	case HELLO_SESSION:
	case HELLO_COMPRESSIONS:
	case HELLO_NAME_TYPE:
		return 1;
	default:
		return 2;
	}
}

/* Ends the search where there is no room for another extension. */
static __always_inline void hello_more_extensions(struct hello *h)
{
	if (h->extensions_left < EXTENSION_HEADER)
		hello_fail(h);
}

/* Takes `bytes` off what is left of the extensions; they end before the message does. */
static __always_inline void hello_extension(struct hello *h, __u16 length)
{
	if (length > h->extensions_left) {
		hello_fail(h);
		return;
	}
	h->extensions_left -= length;
	h->extension_left = length;
	h->step = HELLO_LIST;
	if (h->extension_type == TLS_SERVER_NAME)
		return;
	hello_skip(h, length);
	h->step = HELLO_EXTENSION_TYPE;
	hello_more_extensions(h);
}

static __always_inline void hello_begin_name(struct hello *h, __u16 length)
{
	if (!length || length > MAX_NAME || length + 3 > h->list_left) {
		hello_fail(h);
		return;
	}
	h->name_left = length;
	h->name_hash = FNV_OFFSET;
}

/* What a number means that has just been read whole. */
static __always_inline void hello_number(struct hello *h, __u32 number)
{
	__u8 step = h->step++;

	switch (step) {
	case HELLO_TYPE:
		if (number != TLS_CLIENT_HELLO)
			hello_fail(h);
		break;
	case HELLO_LENGTH:
		h->message_left = number;
		hello_skip(h, TLS_VERSION_AND_RANDOM);
		break;
	case HELLO_SESSION:
	case HELLO_CIPHERS:
	case HELLO_COMPRESSIONS:
		hello_skip(h, number);
		break;
	case HELLO_EXTENSIONS:
		h->extensions_left = number;
		if (number > h->message_left)
			hello_fail(h);
		hello_more_extensions(h);
		break;
	case HELLO_EXTENSION_TYPE:
		h->extensions_left -= EXTENSION_HEADER;
		h->extension_type = number;
		break;
	case HELLO_EXTENSION_LENGTH:
		hello_extension(h, number);
		break;
	case HELLO_LIST:
		h->list_left = number;
		if (number + 2 > h->extension_left)
			hello_fail(h);
		break;
	case HELLO_NAME_TYPE: /* no other type was ever given a meaning */
		if (number != TLS_HOST_NAME)
			hello_fail(h);
		break;
	default:
		hello_begin_name(h, number);
	}
}

static __always_inline __u64 hello_hash(__u64 hash, __u8 byte)
{
	return (hash ^ byte) * FNV_PRIME;
}

static __always_inline void hello_name_byte(struct hello *h, __u8 byte)
{
	bool is_first = !h->name_bytes;

	h->name[h->name_bytes++] = byte;
	if (byte >= 'A' && byte <= 'Z')
		byte += 'a' - 'A';
	if (byte == '.' && !is_first && !h->wildcard_hash)
		h->wildcard_hash = hello_hash(FNV_OFFSET, '*');
	h->name_hash = hello_hash(h->name_hash, byte);
	if (h->wildcard_hash)
		h->wildcard_hash = hello_hash(h->wildcard_hash, byte);
	if (!--h->name_left)
		h->verdict = HELLO_NAME;
}

/* A byte of the handshake message that matters. */
static __always_inline void hello_message_byte(struct hello *h, __u8 byte)
{
	h->record_left--;
	if (h->step > HELLO_LENGTH) {
		if (!h->message_left) {
			hello_fail(h);
			return;
		}
		h->message_left--;
	}
	if (h->step == HELLO_NAME_BYTES) {
		hello_name_byte(h, byte);
		return;
	}
	h->number = h->number << 8 | byte;
	if (++h->number_bytes < hello_width(h->step))
		return;
	hello_number(h, h->number);
	h->number = 0;
	h->number_bytes = 0;
}

/* Passes over what can be passed over of the record, of `available` bytes. */
static __always_inline void hello_pass_over(struct hello *h, __u16 available)
{
	__u32 bytes = h->skip;

	if (bytes > h->record_left)
		bytes = h->record_left;
	if (bytes > available)
		bytes = available;
	h->skip -= bytes;
	h->message_left -= bytes;
	h->record_left -= bytes;
	h->read += bytes;
}

/* Takes the next byte that counts. A global function: the verifier looks at it once, not at every
 * byte of a round. */
__noinline int hello_take(struct hello *h, __u32 byte)
{
	if (!h) /* the verifier wants to see it */
		return 0;
	h->read++;
	if (h->record_left)
		hello_message_byte(h, byte);
	else
		hello_record_byte(h, byte);
	return 0;
}

/*
 * Reads on in `bytes`, of which `end` are there (at most `mask`, a power of two less one; `bytes`
 * has room for mask + 1), for some steps. True when there is more to read; then call it again, at
 * most HELLO_ROUNDS times.
 */
static __always_inline bool hello_read_some(struct hello *h, const __u8 *bytes, __u32 end,
					    __u32 mask)
{
	for (int i = 0; i < HELLO_STEPS; i++) {
		__u32 read = h->read;

		if (h->step > HELLO_LENGTH && !h->message_left && !h->verdict)
			hello_fail(h); /* all of the message was read */
		if (h->verdict || read >= end)
			return false;
		if (h->record_left && h->skip) {
			hello_pass_over(h, end - read);
			continue;
		}
		hello_take(h, bytes[read & mask]);
	}
	return true;
}

#endif
