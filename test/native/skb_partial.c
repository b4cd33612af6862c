// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Where the checksum lies that hardware or the stack is to complete: a plain walk over the headers.
 */
#include <stddef.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "skb.h"

/* The transport header's offset; its protocol goes to `protocol`, -1 if there is none. */
static __u32 transport_offset(int *protocol)
{
	__u32 offset = sizeof(struct ethhdr);
	struct ipv6hdr ipv6;
	struct ethhdr eth;
	struct iphdr ipv4;
	__u8 option[2];

	*protocol = -1;
	if (!skb_read(0, &eth, sizeof(eth)))
		return 0;
	if (eth.h_proto == htons(ETH_P_IP) && skb_read(offset, &ipv4, sizeof(ipv4))) {
		*protocol = ipv4.protocol;
		return offset + ipv4.ihl * 4;
	}
	if (eth.h_proto != htons(ETH_P_IPV6) || !skb_read(offset, &ipv6, sizeof(ipv6)))
		return 0;
	*protocol = ipv6.nexthdr;
	offset += sizeof(ipv6);
	while ((*protocol == IPPROTO_HOPOPTS || *protocol == IPPROTO_DSTOPTS) &&
	       skb_read(offset, option, sizeof(option))) {
		*protocol = option[0];
		offset += (option[1] + 1) * 8;
	}
	return offset;
}

void skb_set_partial(void)
{
	int protocol;
	__u32 start = transport_offset(&protocol);

	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return;
	skb.partial = true;
	skb.check_start = start;
	skb.check_end = start + sizeof(__be16) +
			(protocol == IPPROTO_TCP ? offsetof(struct tcphdr, check)
						 : offsetof(struct udphdr, check));
}
