/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The state of the tables: read from a request, told in an answer. */
#ifndef NATIVE_STATE_H
#define NATIVE_STATE_H

/* Resets everything and takes clock, options and entries. */
void state_read(void);

/* Puts all entries of a hash. */
void state_put_entries(const char *map);

/* Puts what changed in counters since the packet began. */
void state_put_changes(const char *map);

/* Puts the entries of an array that are not zero. */
void state_put_set(const char *map);

#endif
