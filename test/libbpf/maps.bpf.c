// SPDX-License-Identifier: MIT
/* One map of each kind that the binding handles, and programs to try runs, records and options
 * with. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} test_array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 60000);
	__type(key, __u32);
	__type(value, __u64);
} test_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 60000);
	__type(key, __u32);
	__type(value, __u64);
} test_lru SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u32);
} test_percpu SEC(".maps");

struct lpm_key {
	__u32 prefix_len;
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 100);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct lpm_key);
	__type(value, __u32);
} test_lpm SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} test_ring SEC(".maps");

/* A kind that has no batch calls in the kernel. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} test_devmap SEC(".maps");

const volatile __u16 option_port = 80;
const volatile __s32 option_signed = -1;
const volatile _Bool option_flag;
const volatile __u64 option_wide = 7;

struct record {
	__u64 number;
	__u32 length;
	__u32 pad;
};

/* Counts, sends a record, returns the option. */
SEC("tc")
int emit_record(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&test_array, &key);
	struct record *record = bpf_ringbuf_reserve(&test_ring, sizeof(*record), 0);

	if (!count) {
		if (record)
			bpf_ringbuf_discard(record, 0);
		return -1;
	}
	__sync_fetch_and_add(count, 1);
	if (record) {
		record->number = *count;
		record->length = skb->len;
		record->pad = 0;
		bpf_ringbuf_submit(record, 0);
	}
	return option_port + option_signed + option_flag + option_wide;
}

/* Turns the first byte over. */
SEC("xdp")
int flip_byte(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	if (data + 1 > (__u8 *)(long)ctx->data_end)
		return XDP_ABORTED;
	*data = ~*data;
	return XDP_PASS;
}

SEC("xdp")
int pass_all(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int tc_pass(struct __sk_buff *skb)
{
	return 0;
}

struct sum_args {
	__u32 a;
	__u32 b;
	__u64 sum;
};

SEC("syscall")
int add_up(struct sum_args *args)
{
	args->sum = (__u64)args->a + args->b;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
