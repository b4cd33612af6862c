// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <string.h>
#include <bpf/bpf_helpers.h>

#include "chance.h"

static __u64 clock_ns;
static const __u32 *numbers_left;
static __u32 count_left;

void clock_set(__u64 now_ns)
{
	clock_ns = now_ns;
}

__u64 clock_now(void)
{
	return clock_ns;
}

void chance_set(const __u32 *numbers, __u32 count)
{
	numbers_left = numbers;
	count_left = count;
}

__u64 bpf_ktime_get_ns(void)
{
	return clock_ns;
}

__u64 bpf_ktime_get_coarse_ns(void)
{
	return clock_ns;
}

__u32 bpf_get_prandom_u32(void)
{
	if (!count_left)
		return 0;
	count_left--;
	return *numbers_left++;
}
