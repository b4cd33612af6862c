/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the process is asked to do; PROTOCOL.md. Each takes from the request and puts its answer. */
#ifndef NATIVE_REQUESTS_H
#define NATIVE_REQUESTS_H

#include <linux/types.h>

void request_world(void);
void request_case(void);
void request_sweep(void);

/* How many cases were begun, and packets of the last one: what to say when the process ends early.
 */
extern __u32 cases_begun, packets_begun;

#endif
