// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The data path itself, unchanged, as one translation unit of this process, and a list of its maps.
 * Which folder sluice.bpf.c comes from is the compiler's to say.
 */
#include "sluice.bpf.c"

#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "map.h"
#include "programs.h"

#define NUMBER_IN(field) (sizeof(*(field)) / sizeof(int))
#define MAP(map, purpose)                                                           \
	{                                                                           \
		.id = &(map), .name = #map, .type = NUMBER_IN((map).type),          \
		.key_size = sizeof(*(map).key), .value_size = sizeof(*(map).value), \
		.max_entries = NUMBER_IN((map).max_entries), .use = (purpose)       \
	}

#define RING(map)                                                                           \
	{                                                                                   \
		.id = &(map), .name = #map, .type = NUMBER_IN((map).type), .use = MAP_TABLE \
	}

struct map maps[] = {
	MAP(listeners, MAP_TABLE),
	MAP(source_routes, MAP_TABLE),
	MAP(pools, MAP_TABLE),
	MAP(slots, MAP_TABLE),
	MAP(targets, MAP_TABLE),
	MAP(flows, MAP_TABLE),
	MAP(pending, MAP_TABLE),
	MAP(fragments, MAP_TABLE),
	MAP(devices, MAP_TABLE),
	MAP(target_active, MAP_TABLE),
	MAP(target_stats, MAP_COUNTERS),
	MAP(latencies, MAP_COUNTERS),
	MAP(reason_stats, MAP_COUNTERS),
	MAP(failures, MAP_COUNTERS),
	MAP(pool_turns, MAP_TABLE),
	MAP(source_limits, MAP_TABLE),
	MAP(rate_source, MAP_TABLE),
	MAP(rate_target, MAP_TABLE),
	MAP(rate_stats, MAP_COUNTERS),
	MAP(drafts, MAP_SCRATCH),
	MAP(sni_routes, MAP_TABLE),
	MAP(late_secrets, MAP_TABLE),
	MAP(late, MAP_TABLE),
	MAP(late_slots, MAP_TABLE),
	MAP(late_rings, MAP_TABLE),
	MAP(late_locks, MAP_TABLE),
	MAP(late_works, MAP_SCRATCH),
	MAP(option_rooms, MAP_SCRATCH),
	MAP(told_flows, MAP_TABLE),
	MAP(event_settings, MAP_TABLE),
	MAP(event_losses, MAP_COUNTERS),
	RING(events),
	MAP(capture_filters, MAP_TABLE),
	MAP(capture_counts, MAP_COUNTERS),
	MAP(capture_records, MAP_SCRATCH),
};
const __u32 map_count = sizeof(maps) / sizeof(*maps);

/* Writes an option where the linker has put it, which is memory that may only be read. */
static void set_option(const volatile void *option, const void *value, unsigned long size)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	unsigned long start = (unsigned long)option & ~(page - 1);
	unsigned long end = ((unsigned long)option + size + page - 1) & ~(page - 1);

	if (!__builtin_memcmp((const void *)option, value, size))
		return;
	if (mprotect((void *)start, end - start, PROT_READ | PROT_WRITE))
		die("options cannot be set");
	/* The compiler knows that a store to a constant has no effect, unless it loses sight of it.
	 */
	__asm__("" : "+r"(option));
	__builtin_memcpy((void *)option, value, size);
}

void programs_set_options(const struct options *options)
{
	set_option(&snat_port_min, &options->snat_port_min, sizeof(snat_port_min));
	set_option(&snat_port_count, &options->snat_port_count, sizeof(snat_port_count));
	set_option(&confirm_one_in, &options->confirm_one_in, sizeof(confirm_one_in));
}

bool programs_has_hook(__u8 hook)
{
	return hook < HOOK_COUNT;
}

enum skb_kind programs_kind_of(__u8 hook)
{
	return hook == HOOK_XDP_INGRESS ? SKB_XDP : SKB_TC;
}

int programs_run(__u8 hook, struct skb *packet)
{
	switch (hook) {
	case HOOK_XDP_INGRESS:
		return xdp_ingress(&packet->context.xdp);
	case HOOK_TC_INGRESS:
		return tc_ingress(&packet->context.tc);
	default:
		return tc_egress(&packet->context.tc);
	}
}

int programs_sweep(void *args)
{
	return sweep(args);
}
