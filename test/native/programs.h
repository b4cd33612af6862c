/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The programs, and what is set before they are loaded. */
#ifndef NATIVE_PROGRAMS_H
#define NATIVE_PROGRAMS_H

#include "skb.h"

struct sweep_args;

/* Options in .rodata: see open.h and route.h. */
struct options {
	__u16 snat_port_min;
	__u16 snat_port_count;
	__u32 confirm_one_in;
};

void programs_set_options(const struct options *options);

/* Hooks by their number, enum hook. False if there is no such hook. */
bool programs_has_hook(__u8 hook);
enum skb_kind programs_kind_of(__u8 hook);

/* Runs the program of a hook on the packet in hand; returns what it returns. */
int programs_run(__u8 hook, struct skb *packet);

int programs_sweep(void *args);

#endif
