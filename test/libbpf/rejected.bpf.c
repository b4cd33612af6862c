// SPDX-License-Identifier: MIT
/* A program that no verifier accepts: it reads the packet without looking where it ends. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int fine(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int reads_beyond(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	return data[100];
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
