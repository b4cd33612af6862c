/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* A helper that fails on purpose: what the kernel does seldom, at the call where it is wanted. */
#ifndef NATIVE_FAULT_H
#define NATIVE_FAULT_H

#include <stdbool.h>
#include <linux/types.h>

enum fault {
	FAULT_NONE,
	FAULT_REFUSED, /* no memory for an entry, or for a packet that must be read or written */
	FAULT_RACE,    /* another CPU has just removed the entry, or entered it first */
	FAULT_MOVED,   /* another CPU has just moved all flows from `pending` to `flows` */
};

/* From now on: the `call`th call, counted from 1, to which such a fault can happen fails. */
void fault_set(enum fault fault, __u32 call);

/* Called by each such helper: true if this is the call. */
bool fault_strikes(enum fault fault);

/* True if it was met since it was set. */
bool fault_has_struck(void);

#endif
