// SPDX-License-Identifier: MIT
/* A value that has no layout in TypeScript. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct packed_bits {
	__u32 low : 4;
	__u32 high : 28;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct packed_bits);
} bit_fields SEC(".maps");
