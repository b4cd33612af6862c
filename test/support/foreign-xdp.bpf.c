// SPDX-License-Identifier: MIT
/* Somebody else's XDP program: it lets every packet pass. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "MIT";

SEC("xdp")
int foreign_xdp(struct xdp_md *xdp)
{
	return XDP_PASS;
}
