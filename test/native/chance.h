/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Time and chance, which stand still here until they are told. */
#ifndef NATIVE_CHANCE_H
#define NATIVE_CHANCE_H

#include <linux/types.h>

#define EPOCH_NS (1ull << 30) /* flow.h: EPOCH_SHIFT */

void clock_set(__u64 now_ns);
__u64 clock_now(void);

/* What bpf_get_prandom_u32 will say, and then zeros. The numbers must stay where they are. */
void chance_set(const __u32 *numbers, __u32 count);

#endif
