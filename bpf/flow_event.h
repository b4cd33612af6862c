/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What is told of flows (events.h): part of the contract with user space, included by abi.h. */
#ifndef SLUICE_FLOW_EVENT_H
#define SLUICE_FLOW_EVENT_H

#define EVENT_RING_BYTES 4194304

struct traffic {
	__u64 packets;
	__u64 bytes;
};

/* How a flow has ended. */
enum flow_end {
	FLOW_END_NONE,	  /* it has just been opened */
	FLOW_END_FIN,	  /* both sides have sent their FIN */
	FLOW_END_RST,	  /* one of them has sent a RST */
	FLOW_END_REFUSED, /* the target's RST, in answer to the client's SYN */
	FLOW_END_TIMEOUT, /* no packet for too long */
	FLOW_END_EVICTED, /* the table was full, or its source port was taken for another */
};

/* What has led a client to its pool. */
enum flow_route {
	FLOW_ROUTE_DEFAULT,
	FLOW_ROUTE_SOURCE,
	FLOW_ROUTE_SNI,
};

enum flow_event_flag {
	FLOW_EVENT_FLAG_INCOMPLETE = 1, /* packets are missing: a half was evicted meanwhile */
};

/* What is told of flows; see events.h. */
struct event_settings {
	__u32 one_in; /* of so many flows one is told of; 0: none */
	__u32 opened; /* non-zero: also when they are opened */
};

/* What was not told, though it should have been. */
struct event_losses {
	__u64 opened; /* events that found no room in the ring */
	__u64 closed;
	__u64 flows; /* flows that found no room in `told_flows` */
};

/* What user space reads from the ring when a flow has been opened, or has ended. */
struct flow_event {
	struct flow_key client; /* the tuple of the client's packets */
	struct flow_key reply;	/* and of the target's */
	__u64 name;		/* sni_route_key.name of the route; 0: another route */
	__u64 opened_ns;	/* CLOCK_MONOTONIC, coarse */
	__u64 seen_ns;		/* its last packet */
	struct traffic forward;
	struct traffic backward;
	__u32 proxy;
	__u32 target;
	__u8 end;   /* enum flow_end */
	__u8 route; /* enum flow_route */
	__u8 flags; /* enum flow_event_flag */
	__u8 pad[5];
};

/* What a half has counted, as events.h has seen it last. */
struct told_half {
	struct traffic before; /* by halves that were evicted */
	struct traffic last;
};

/* A flow that events.h tells of, by the tuple of its client's packets. */
struct told_flow {
	struct flow_key reply;
	__u64 name;
	__u64 opened_ns;
	__u64 seen_ns;
	struct told_half forward;
	struct told_half backward;
	__u32 proxy;
	__u32 target;
	__u8 route; /* enum flow_route */
	__u8 flags; /* enum flow_event_flag */
	__u8 pad[6];
};

/* As abi_exports. */
struct event_exports {
	enum flow_end flow_end;
	enum flow_route flow_route;
	enum flow_event_flag flow_event_flag;
	struct flow_event flow_event;
};

_Static_assert(sizeof(struct event_settings) == 8, "event_settings");
_Static_assert(sizeof(struct event_losses) == 24, "event_losses");
_Static_assert(sizeof(struct flow_event) == 152, "flow_event");
_Static_assert(sizeof(struct told_flow) == 144, "told_flow");

#endif
