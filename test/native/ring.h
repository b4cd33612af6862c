/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The ring buffer: the records that programs have submitted since it was emptied. */
#ifndef NATIVE_RING_H
#define NATIVE_RING_H

/* Empties it. A program must not have left a record reserved. */
void ring_empty(void);

/* Puts `u32` count of records, each `u32` length and the record, into the answer, and empties it.
 */
void ring_put(void);

#endif
