/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What user space and capture.h tell each other; a part of abi.h's contract. */
#ifndef SLUICE_CAPTURE_ABI_H
#define SLUICE_CAPTURE_ABI_H

#include "abi.h"

#define CAPTURE_BYTES	   256 /* of a packet, before and after, at most */
#define CAPTURE_CONDITIONS 4
#define CAPTURE_NOBODY	   0xffffffffu /* in place of the id of a proxy or target */

/* Which ends of a packet may meet a condition. */
enum capture_end {
	CAPTURE_END_SOURCE = 1,
	CAPTURE_END_DESTINATION = 2,
};

/* What an end of a packet must be. */
struct capture_condition {
	struct address address; /* without the bits that do not count */
	struct address mask;	/* those that count */
	__be16 port;		/* 0: any */
	__u8 pad[2];
	enum capture_end ends; /* 0: there is no such condition */
};

/*
 * Which packets are told to user space. All conditions must be met at once, by the packet as it
 * came, by the one that left, or by what one of them quotes if it is an ICMP error.
 */
struct capture_filter {
	__u64 until_ns;	 /* CLOCK_MONOTONIC, coarse; 0: nothing is captured */
	__u64 reasons;	 /* a bit for each enum reason that is wanted */
	__u32 session;	 /* of the reader; never 0 */
	__u32 hooks;	 /* a bit for each enum hook */
	__u32 ifindex;	 /* 0: any */
	__u32 one_in;	 /* of so many that match, on each CPU */
	__u32 max_bytes; /* of each packet; up to CAPTURE_BYTES */
	__u32 per_epoch; /* told at most on each CPU, in an epoch of flow.h; the rest is lost */
	__u8 protocol;	 /* 0: any */
	__u8 family;	 /* 0: any, AF_INET, AF_INET6 */
	__u8 pad[6];
	struct capture_condition conditions[CAPTURE_CONDITIONS];
};

/* A packet before and after a program; their first bytes follow, each at its `start`. */
struct capture_header {
	__u64 time_ns; /* CLOCK_MONOTONIC, when it left the program */
	__u32 session;
	__u32 ifindex;
	__u32 proxy; /* or CAPTURE_NOBODY, as the target */
	__u32 target;
	__u32 length; /* of the frame as it came */
	__u32 length_after;
	__s32 verdict; /* what the program returned */
	__u16 bytes;   /* that are here of it */
	__u16 bytes_after;
	__u16 start; /* where they are, counted from the beginning of this header */
	__u16 start_after;
	__u8 hook;   /* enum hook */
	__u8 reason; /* enum reason */
	__u8 pad[2];
};

/* One a CPU. */
struct capture_counts {
	__u64 matched; /* packets that the filters were for */
	__u64 lost;    /* that should have been told, but were too many, or found no room */
	__u32 epoch;
	__u32 told; /* in that epoch */
};

_Static_assert(sizeof(struct capture_condition) == 40, "capture_condition");
_Static_assert(sizeof(struct capture_filter) == 208, "capture_filter");
_Static_assert(sizeof(struct capture_header) == 48, "capture_header");
_Static_assert(sizeof(struct capture_counts) == 24, "capture_counts");

#endif
