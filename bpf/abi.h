/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The contract between the kernel programs and user space: every struct and enum that both
 * sides know. User space reads them from the object's BTF; nothing is copied by hand.
 */
#ifndef SLUICE_ABI_H
#define SLUICE_ABI_H

#include <linux/types.h>

#include "latency_abi.h"
#include "reason.h"

/* Sizes of the tables that do not depend on settings. */
#define MAX_PROXIES	  16384
#define MAX_POOLS	  65536
#define MAX_TARGETS	  32768
#define MAX_LISTENERS	  65536
#define MAX_SOURCE_ROUTES 262144
#define MAX_SNI_ROUTES	  262144
#define MAX_LATE	  8192	/* connections bound late whose bytes are held */
#define LATE_SLOTS	  2048	/* buffers for them */
#define LATE_BYTES	  16384 /* the longest ClientHello, and all that a client may send before */
#define MAX_FRAGMENTS	  16384
#define MAX_DEVICES	  65536
#define SLOTS_PER_BLOCK	  16
#define REASON_STRIDE	  64 /* counters per hook: room for reasons that later versions add */
#define MAX_SLOT_BLOCKS	  (4194304 / SLOTS_PER_BLOCK)

enum abi {
	ABI_VERSION = 2, /* counts up when the tables keep their shape but not their meaning */
};

/* An IPv6 address, or an IPv4 address mapped into ::ffff:0:0/96 (RFC 4291, 2.5.5.2). */
struct address {
	__u8 bytes[16];
} __attribute__((aligned(8)));

/* The 5-tuple of a packet as it is on the wire. */
struct flow_key {
	struct address src;
	struct address dst;
	__be16 sport;
	__be16 dport;
	__u8 protocol;
	__u8 pad[3];
};

enum flow_direction {
	FLOW_DIRECTION_FORWARD, /* client to target */
	FLOW_DIRECTION_REPLY,	/* target to client */
};

enum flow_state {
	FLOW_STATE_SYN,		/* TCP, the client has not yet acknowledged the target's SYN-ACK */
	FLOW_STATE_ESTABLISHED, /* TCP */
	FLOW_STATE_CLOSING,	/* TCP, a RST or both FINs were seen */
	FLOW_STATE_UDP,
};

enum flow_flag {
	FLOW_FLAG_FIN = 1,     /* this direction has sent its FIN */
	FLOW_FLAG_SNAT = 2,    /* the target sees the balancer's address, not the client's */
	FLOW_FLAG_LOCAL = 4,   /* the target is this host */
	FLOW_FLAG_LATE = 8,    /* bound late: sequence numbers and windows are translated */
	FLOW_FLAG_HELD = 16,   /* bytes are held for the target: late.h sees every packet */
	FLOW_FLAG_HEADER = 32, /* the target gets a header before the client's first byte */
	FLOW_FLAG_ASK = 64,    /* the target may ask for it once more; see header.h */
};

/* Where packets of a flow go next: what the FIB said last. */
struct next_hop {
	__u32 epoch; /* the second in which it was asked; see route.h */
	__u32 ifindex;
	__u8 macs[12]; /* destination and source, as they lead an Ethernet frame */
	__u16 mtu;
	__u16 pad;
};

/*
 * One half of a flow: all that is needed to rewrite the packets of one direction, and to make
 * the other half anew should the table have evicted it (see flow.h).
 */
struct flow {
	struct address src; /* the packet's addresses and ports after the rewrite */
	struct address dst;
	__be16 sport;
	__be16 dport;
	__u8 direction; /* enum flow_direction */
	__u8 state;	/* enum flow_state */
	__u8 flags;	/* enum flow_flag */
	__u8 scales;	/* late: how windows are shifted, both directions; see translate.h */
	__u32 proxy;
	__u32 target;
	__u32 address_delta; /* one's complement sum: new addresses minus old */
	__u32 port_delta;    /* the same of the ports */
	struct next_hop hop;
	__be32 acked;  /* TCP: the last acknowledgement of this direction; 0 before the first */
	__be32 isn;    /* TCP: the sequence number of this direction's SYN */
	__u64 seen_ns; /* CLOCK_MONOTONIC, coarse */
	__u64 packets;
	__u64 bytes;	  /* layer 3 */
	__u64 created_ns; /* TCP: of the fine clock, which times the answer */
	__u32 seq_delta;  /* late: added to the sequence numbers of this direction */
	__u32 ack_delta;  /* and to its acknowledgements */
};

struct listener_key {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 pad[5];
};

enum listener_flag {
	LISTENER_FLAG_SOURCE_ROUTES = 1, /* the proxy has source routes: look */
	LISTENER_FLAG_SNAT = 2,
	LISTENER_FLAG_SOURCE_LIMIT = 4, /* the proxy limits what a source may open: look */
	LISTENER_FLAG_SNI = 8,		/* the proxy has SNI routes: connections are bound late */
	LISTENER_FLAG_LATE = 16,	/* in a copy by late.h only: the flow is for held bytes */
};

struct listener {
	__u32 proxy;
	__u32 pool;  /* where clients go that no route matches */
	__u32 flags; /* enum listener_flag */
	__u16 mss;   /* the longest TCP segment that every path to a target takes; 0: unknown */
	__u16 pad;
};

/* Key of the LPM trie: the proxy id is matched whole, then the client's prefix. */
struct source_route_key {
	__u32 prefix_len; /* bits, counted from `proxy` on */
	__u32 proxy;
	struct address address;
};

struct source_route {
	__u32 pool;
};

/* How a pool picks the slot of a new connection; see select.h. */
enum pool_algorithm {
	POOL_ALGORITHM_WEIGHTED_RANDOM,
	POOL_ALGORITHM_SOURCE_HASH, /* of the client's address: one target for all it opens */
	POOL_ALGORITHM_MAGLEV,	    /* hash of the 5-tuple: the same target on every balancer */
	POOL_ALGORITHM_ROUND_ROBIN, /* one slot after another */
};

enum pool_shape {
	POOL_SHAPE_SLOT_BITS = 24,
};

/* A host name that clients ask for (RFC 6066, 3), as a hash; see hello.h. */
struct sni_route_key {
	__u64 name; /* FNV-1a of the name in lower case, or of `*` and what follows a label */
	__u32 proxy;
	__u32 family; /* AF_INET, AF_INET6: clients and targets have the same one */
};

struct sni_route {
	__u32 pool;
};

/* What cookies are hashed with. Of two the newer generation makes them, both prove them. */
struct late_secret {
	__u64 key[2];
	__u32 generation; /* 0: not yet set */
	__u32 pad;
};

/*
 * A pool is a run of slots and how to pick one of them: all is read in one 8-byte load, so that
 * slots and algorithm change together.
 */
struct pool {
	__u32 slot_base; /* the first slot; a multiple of SLOTS_PER_BLOCK */
	__u32 shape;	 /* the slot count in POOL_SHAPE_SLOT_BITS, enum pool_algorithm above */
};

struct slot_block {
	__u32 target[SLOTS_PER_BLOCK];
};

/* So many new flows a second, as what each of them costs; see rate.h. */
struct rate_rule {
	__u64 interval_ns;  /* between two at the full rate; 0: no limit */
	__u64 tolerance_ns; /* by how much they may come too early: the burst less one, in time */
};

/* What a source may open at a proxy. */
struct source_limit {
	struct rate_rule rule;
	struct address mask_v4; /* which bits of a client's address make the source */
	struct address mask_v6;
};

struct rate_source_key {
	struct address source; /* masked */
	__u32 proxy;
	__u32 pad;
};

/* Where a source or a target stands; see rate.h. */
struct rate_bucket {
	__u64 start_ns;	  /* CLOCK_MONOTONIC; with `spent_ns` more it is when nothing is owed */
	__u64 spent_ns;	  /* intervals of the flows that were let through; only grows */
	__u64 refused;	  /* flows that were not */
	__u64 refused_ns; /* when the last of those came */
};

/* Packets that a proxy dropped because of a limit. */
struct rate_counters {
	__u64 source;
	__u64 target;
};

enum target_flag {
	TARGET_FLAG_LOCAL = 1,	      /* an address of this host: replies pass through tc_egress */
	TARGET_FLAG_PROXY_HEADER = 2, /* it gets a header of the PROXY protocol */
};

struct target {
	struct address address;
	struct address snat_address; /* the balancer's address towards the target */
	__be16 port;
	__u16 flags; /* enum target_flag */
	__u32 proxy;
	struct rate_rule limit;
};

/* Names that user space needs to recognise what a former daemon left; unused by the programs. */
struct proxy_name {
	__u8 name[128]; /* UTF-8, zero-terminated */
};

#include "flow_event.h"

/*
 * `flows` counts what was opened; the rest is of TCP and says what became of it: each attempt to
 * connect is answered, refused, unanswered, or still waiting. Who is answered late is unanswered
 * too.
 */
struct target_counters {
	struct traffic forward;
	struct traffic reply;
	__u64 flows;	   /* ever opened */
	__u64 answered;	   /* the target sent a SYN-ACK */
	__u64 established; /* and the client acknowledged it */
	__u64 refused;	   /* the target sent a RST instead */
	__u64 unanswered;  /* nothing came within sweep_args.answer_timeout_ns */
};

/* What may become of an attempt to connect. */
enum attempt {
	ATTEMPT_ANSWERED,
	ATTEMPT_ESTABLISHED,
	ATTEMPT_REFUSED,
	ATTEMPT_UNANSWERED,
};

struct device {
	__u32 xdp_redirect; /* non-zero: XDP may redirect frames out of this interface */
	__u8 mac[6];	    /* XDP takes only frames for this address */
	__u8 pad[2];
};

/* Identifies a fragmented datagram (RFC 791, RFC 8200). */
struct fragment_key {
	struct address src;
	struct address dst;
	__be32 id;
	__u8 protocol;
	__u8 pad[3];
};

struct fragment_ports {
	__be16 sport;
	__be16 dport;
	__u32 epoch; /* when its first fragment came; see flow.h */
};

/* What an instance must still know when its daemon has gone. */
struct metadata {
	__u8 object_digest[32]; /* SHA-256 of the object and the options of the programs */
	__u8 config_hash[32];	/* SHA-256 of the configuration that was applied last */
	__u64 generation;	/* configurations applied so far */
	__u32 abi_version;	/* ABI_VERSION of the programs that filled the tables */
	__u32 pad;
};

/* Argument and result of the sweep program; times are nanoseconds. */
struct sweep_args {
	__u64 syn_timeout_ns;
	__u64 established_timeout_ns;
	__u64 closing_timeout_ns;
	__u64 udp_timeout_ns;
	__u64 answer_timeout_ns; /* how long a target may take to answer a SYN */
	__u64 last_ns; /* now_ns of the sweep before, which judged what was due then; 0: none */
	__u64 now_ns;  /* out: the clock of created_ns and seen_ns */
	__u64 active;  /* out: flows in `flows` that are not closing */
	__u64 pending; /* out: the same in `pending` */
	__u64 expired; /* out: flow halves removed */
};

/* Types that no map holds, for the generator of the TypeScript layouts. */
struct abi_exports {
	struct sweep_args sweep_args;
	enum abi abi;
	enum hook hook;
	enum reason reason;
	enum flow_direction flow_direction;
	enum flow_state flow_state;
	enum flow_flag flow_flag;
	enum listener_flag listener_flag;
	enum pool_algorithm pool_algorithm;
	enum pool_shape pool_shape;
	enum target_flag target_flag;
	struct event_exports events;
	enum latency_scale latency_scale;
};

#define ABI_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), #type)
ABI_SIZE(address, 16);
ABI_SIZE(flow_key, 40);
ABI_SIZE(next_hop, 24);
ABI_SIZE(flow, 128);
ABI_SIZE(listener_key, 24);
ABI_SIZE(listener, 16);
ABI_SIZE(source_route_key, 24);
ABI_SIZE(sni_route_key, 16);
ABI_SIZE(late_secret, 24);
ABI_SIZE(pool, 8);
ABI_SIZE(slot_block, 64);
ABI_SIZE(target, 56);
ABI_SIZE(rate_rule, 16);
ABI_SIZE(source_limit, 48);
ABI_SIZE(rate_source_key, 24);
ABI_SIZE(rate_bucket, 32);
ABI_SIZE(rate_counters, 16);
ABI_SIZE(target_counters, 72);
ABI_SIZE(device, 12);
ABI_SIZE(fragment_key, 40);
ABI_SIZE(fragment_ports, 8);
ABI_SIZE(metadata, 80);
ABI_SIZE(sweep_args, 80);
#undef ABI_SIZE

#endif
