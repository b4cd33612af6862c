/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Why a packet left a program: part of the contract with user space (abi.h). */
#ifndef SLUICE_REASON_H
#define SLUICE_REASON_H

enum hook {
	HOOK_XDP_INGRESS,
	HOOK_TC_INGRESS,
	HOOK_TC_EGRESS,
	HOOK_COUNT,
};

/*
 * Every way in which a packet can leave a program. The prefix says what became of it:
 * FORWARDED (rewritten, on its way), PASSED (left to the kernel) or DROPPED. New ones are added at
 * the end of their group: the numbers index counters that outlive an upgrade.
 */
enum reason {
	REASON_NONE, /* never counted: not decided yet */
	REASON_FORWARDED_ESTABLISHED,
	REASON_FORWARDED_NEW_FLOW,
	REASON_FORWARDED_REPLY,
	REASON_FORWARDED_FRAGMENT,
	REASON_FORWARDED_ICMP_ERROR,
	REASON_FORWARDED_TOO_BIG,  /* turned into "packet too big" for its sender */
	REASON_FORWARDED_COOKIE,   /* a client's SYN, turned into our SYN-ACK */
	REASON_FORWARDED_HELD,	   /* kept until the target can be chosen or has answered */
	REASON_FORWARDED_REPLAYED, /* turned into held bytes on their way to the target */
	REASON_FORWARDED_RESET,	   /* turned into a RST: what it needs is no longer held */
	REASON_PASSED_NOT_IP = 16,
	REASON_PASSED_VLAN,
	REASON_PASSED_OTHER_HOST, /* its MAC address is not ours: a flooded frame, or a group's */
	REASON_PASSED_MALFORMED,
	REASON_PASSED_EXTENSION_HEADERS,
	REASON_PASSED_OTHER_PROTOCOL,
	REASON_PASSED_UNKNOWN_FRAGMENT,
	REASON_PASSED_NO_LISTENER,
	REASON_PASSED_MARTIAN,	 /* for a listener, from a source that no client can have */
	REASON_PASSED_NO_FLOW,	 /* for a listener, but of no known flow: the kernel answers RST */
	REASON_PASSED_TO_TC,	 /* XDP leaves the packet to tc_ingress of the same interface */
	REASON_PASSED_TO_EGRESS, /* a reply that tc_egress will rewrite on its way out */
	REASON_DROPPED_NO_TARGET = 40,
	REASON_DROPPED_NO_SNAT_PORT,
	REASON_DROPPED_TUPLE_CONFLICT, /* the same client port talks to the same target by another
					  proxy */
	REASON_DROPPED_TABLE_FULL,
	REASON_DROPPED_NO_ROUTE,
	REASON_DROPPED_FORWARDING_DISABLED,
	REASON_DROPPED_TTL_EXPIRED,
	REASON_DROPPED_TOO_BIG,
	REASON_DROPPED_REWRITE_FAILED,
	REASON_DROPPED_RATE_LIMITED_SOURCE, /* the client opens too many */
	REASON_DROPPED_RATE_LIMITED_TARGET, /* no target that was tried may have more right now */
	REASON_DROPPED_NOTHING_HELD, /* of a connection whose first bytes are not here (yet) */
	REASON_DROPPED_OUT_OF_ROOM,  /* beyond what can be held for a connection */
	REASON_DROPPED_BUSY,	     /* two CPUs want to add to the same held bytes */
};

#endif
