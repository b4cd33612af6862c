/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What capture.h has told of the packet in hand. */
#ifndef NATIVE_CAPTURE_RING_H
#define NATIVE_CAPTURE_RING_H

/* Forgets what was told of the packet before. */
void capture_ring_begin(void);

/* Puts what was told of this one: a length, 0 for nothing, and the record. */
void capture_ring_put(void);

#endif
