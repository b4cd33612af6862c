/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The rewrite with translation at TC, where a checksum may be partial; see rewrite_skb.h. */
#ifndef SLUICE_TRANSLATE_SKB_H
#define SLUICE_TRANSLATE_SKB_H

#include "translate.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tcp_options);
} option_rooms SEC(".maps");

/* What a TCP header begins with. */
struct tcp_front {
	__be16 sport;
	__be16 dport;
	struct tcp_middle middle;
};

/* Rewrites ports and numbers, and what of the checksum they change. */
static __always_inline bool translate_skb_front(struct __sk_buff *skb, const struct packet *p,
						const struct flow *flow, __u32 check)
{
	struct tcp_front tcp;
	struct tcp_middle from;
	__u64 delta;

	if (bpf_skb_load_bytes(skb, p->l4, &tcp, sizeof(tcp)))
		return false;
	from = tcp.middle;
	tcp.sport = flow->sport;
	tcp.dport = flow->dport;
	translate_middle(&tcp.middle, flow);
	delta = middle_delta(&from, &tcp.middle) + flow->port_delta;
	return !bpf_l4_csum_replace(skb, check, 0, checksum_fold(delta), 0) &&
	       !bpf_skb_store_bytes(skb, p->l4, &tcp, sizeof(tcp), 0);
}

#define NO_MORE_OPTIONS TCP_OPTIONS_MASK

/*
 * Looks at the option at `at` of `length` bytes of them, and translates it if it is SACK. Returns
 * where the next one begins, or NO_MORE_OPTIONS. A global function: the verifier looks at it once,
 * not once for every place where an option may be.
 */
__noinline int translate_option(__u32 at, __u32 length, __u32 delta)
{
	struct tcp_options *options;
	__u32 zero = 0, kind, size;

	options = bpf_map_lookup_elem(&option_rooms, &zero);
	if (!options || at + 1 >= length || at > TCP_OPTIONS_MAX)
		return NO_MORE_OPTIONS;
	kind = options->from[at & TCP_OPTIONS_MASK];
	size = options->from[(at + 1) & TCP_OPTIONS_MASK];
	if (kind == TCP_OPTION_NOP)
		return at + 1;
	if (kind == TCP_OPTION_END || size < 2 || at + size > length)
		return NO_MORE_OPTIONS;
	if (kind != TCP_OPTION_SACK)
		return at + size;
	sack_translate(options, at, size, delta);
	return NO_MORE_OPTIONS; /* there is one at most (RFC 2018, 3) */
}

/* Translates the SACK option among `length` bytes of options. */
static __always_inline void translate_options(__u32 length, __u32 delta)
{
	__u32 at = 0;

	for (int i = 0; i < TCP_OPTIONS_MAX && at != NO_MORE_OPTIONS; i++)
		at = translate_option(at, length, delta);
}

static __always_inline bool translate_skb_sack(struct __sk_buff *skb, const struct packet *p,
					       const struct flow *flow, __u32 check)
{
	__u32 offset = p->l4 + sizeof(struct tcphdr), length = p->l4_length - sizeof(struct tcphdr);
	struct tcp_options *options;
	__u32 zero = 0;
	__s64 delta;

	options = bpf_map_lookup_elem(&option_rooms, &zero);
	if (!options)
		return false;
	__builtin_memset(options, 0, sizeof(*options));
	length = ((length - 1) & TCP_OPTIONS_MASK) + 1; /* it is 1 to 40: tells the verifier */
	if (bpf_skb_load_bytes(skb, offset, options->from, length))
		return false;
	__builtin_memcpy(options->to, options->from, sizeof(options->to));
	translate_options(length, flow->ack_delta);
	delta = bpf_csum_diff((__be32 *)options->from, TCP_OPTIONS_MAX, (__be32 *)options->to,
			      TCP_OPTIONS_MAX, 0);
	return delta >= 0 && !bpf_l4_csum_replace(skb, check, 0, delta, 0) &&
	       !bpf_skb_store_bytes(skb, offset, options->to, length, 0);
}

/* Rewrites the header of a TCP packet of a flow that was bound late, but for its addresses' part.
 */
__noinline int translate_skb(struct __sk_buff *skb, const struct packet *p, const struct flow *flow)
{
	__u32 check;

	if (!p || !flow) /* the verifier wants to see it */
		return false;
	check = p->l4 + offsetof(struct tcphdr, check);
	if (!translate_skb_front(skb, p, flow, check))
		return false;
	return p->l4_length == sizeof(struct tcphdr) || !flow->ack_delta ||
	       translate_skb_sack(skb, p, flow, check);
}

#endif
