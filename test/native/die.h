/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The end of the process when it was asked for what it cannot do; faults of the data path end it by
 * a sanitizer's report. */
#ifndef NATIVE_DIE_H
#define NATIVE_DIE_H

/* Says why on stderr and exits. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

/* What die() does before it exits. */
void die_say_last(void (*say)(void));

/* malloc that does not fail. */
void *allocate(unsigned long size);

#endif
