// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A program that the verifier takes long for: it walks through every round of the loop. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROUNDS 60000

SEC("syscall")
int slow(void *context)
{
	volatile __u64 sum = 0;

	for (__u64 round = 0; round < ROUNDS; round++)
		sum += round;
	return sum & 1;
}

char LICENSE[] SEC("license") = "GPL";
