// SPDX-License-Identifier: MIT
/* One of everything that the generator of the TypeScript layouts knows. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct endpoint {
	__u8 address[4];
	__be16 port;
	_Bool up;
	__u8 pad;
};

enum color {
	COLOR_RED,
	COLOR_DARK_BLUE,
	COLOR_COUNT,
};

struct record {
	__be32 id;
	__s16 temperature;
	__u16 small;
	__u64 big;
	__s64 negative;
	struct endpoint ends[2];
	__u32 numbers[3];
	enum color color;
	__u8 tiny;
	__u8 _pad2[7];
};

enum bits {
	BITS_FIRST = 1,
	BITS_SECOND = 2,
	BITS_HIGH = 0x80000000,
};

struct lonely {
	__be64 wide;
};

struct abi_exports {
	enum bits bits;
	struct lonely lonely;
};

const volatile struct abi_exports abi_exports;
const volatile __u32 first_option = 1;
const volatile __u8 second_option;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10);
	__type(key, struct endpoint);
	__type(value, struct record);
} records SEC(".maps");

SEC("xdp")
int look(struct xdp_md *ctx)
{
	struct endpoint key = {};

	return bpf_map_lookup_elem(&records, &key) ? abi_exports.bits
						   : first_option + second_option;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
