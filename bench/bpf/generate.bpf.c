// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * A packet generator for BPF_PROG_RUN with live frames: every run of the program is a UDP packet on
 * its way out of an interface. Frames are recycled with whatever the receiver wrote into them, so
 * the whole packet is written each time.
 */
#include "frame.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct stream {
	__u32 ifindex;		     /* where packets leave */
	__u32 flows;		     /* source ports, from FIRST_PORT on */
	__u64 next;		     /* number of the next packet */
	__u64 template[FRAME_WORDS]; /* a UDP packet over IPv4 of source port 0, checksums right */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stream);
} streams SEC(".maps");

/* The checksum after a field of zero became `value` (RFC 1624); both as they are in memory. */
static __always_inline __u16 checksum_add(__u16 check, __u16 value)
{
	__u32 sum = (__u16)~check + value;

	return ~((sum & 0xffff) + (sum >> 16));
}

SEC("xdp")
int generate(struct xdp_md *xdp)
{
	__u32 zero = 0;
	struct stream *stream = bpf_map_lookup_elem(&streams, &zero);
	void *data = (void *)(long)xdp->data, *data_end = (void *)(long)xdp->data_end;
	struct udphdr *udp = data + ETH_HLEN + sizeof(struct iphdr);

	if (!stream || !frame_restore(data, data_end, stream->template))
		return XDP_ABORTED;
	udp->source = bpf_htons(FIRST_PORT + flow_of(stream->next++, stream->flows));
	udp->check = checksum_add(udp->check, udp->source);
	return bpf_redirect(stream->ifindex, 0);
}
