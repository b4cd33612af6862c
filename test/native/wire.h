/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Bytes in from stdin, bytes out to stdout; PROTOCOL.md says which. Little-endian machines only. */
#ifndef NATIVE_WIRE_H
#define NATIVE_WIRE_H

#include <stdbool.h>
#include <linux/types.h>

/* Reads the next request's body; false at the end of input. It stays valid until the next one. */
bool wire_read_request(void);

/* Takes from the request; the process ends when there is not so much left. */
const unsigned char *take(__u32 length);
__u8 take_u8(void);
__u16 take_u16(void);
__u32 take_u32(void);
__u64 take_u64(void);

/* Adds to the answer. */
void put(const void *bytes, __u32 length);
void put_u8(__u8 value);
void put_u32(__u32 value);
void put_u64(__u64 value);

/* A place for a count that is known only later. */
__u32 put_later(void);
void put_at(__u32 place, __u32 value);

/* Sends the answer. Answers wait for each other while more requests are at hand. */
void wire_answer(void);

/* Sends what waits. */
void wire_flush(void);

#endif
