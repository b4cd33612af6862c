// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <string.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "capture_ring.h"
#include "chance.h"
#include "die.h"
#include "fault.h"
#include "map.h"
#include "programs.h"
#include "requests.h"
#include "ring.h"
#include "skb.h"
#include "skb_sum.h"
#include "state.h"
#include "wire.h"
#include "world.h"

#define FLAG_PARTIAL	   1
#define FLAG_VLAN_STRIPPED 2
#define MAX_RANDOMS	   1024

__u32 cases_begun, packets_begun;

/* A packet as the request says it. */
struct input {
	__u8 hook;
	__u32 ifindex;
	__u8 flags;
	__u32 gso_size;
	__u32 gso_segments;
	__u32 linear;
	__u32 length;
	const unsigned char *frame;
};

/* eth_type_trans(): whom the frame is for, of whom it came in to. */
static __u32 packet_type(const struct input *input)
{
	static const __u8 everyone[ETH_ALEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const struct interface *interface = world_interface(input->ifindex);

	if (!interface)
		die("there is no interface %u", input->ifindex);
	if (input->length < ETH_ALEN)
		return PACKET_OTHERHOST;
	if (!memcmp(input->frame, interface->mac, ETH_ALEN))
		return PACKET_HOST;
	if (!memcmp(input->frame, everyone, ETH_ALEN))
		return PACKET_BROADCAST;
	return input->frame[0] & 1 ? PACKET_MULTICAST : PACKET_OTHERHOST;
}

static void begin_packet(const struct input *input)
{
	enum skb_kind kind = programs_kind_of(input->hook);

	skb_begin(kind, input->frame, input->length,
		  kind == SKB_XDP ? input->length : input->linear);
	if (kind == SKB_XDP) {
		skb.context.xdp.ingress_ifindex = input->ifindex;
		return;
	}
	skb.context.tc.ifindex = input->ifindex;
	skb.context.tc.pkt_type = packet_type(input);
	skb.context.tc.gso_size = input->gso_size;
	skb.context.tc.gso_segs = input->gso_segments;
	skb.context.tc.vlan_present = !!(input->flags & FLAG_VLAN_STRIPPED);
	if (input->flags & FLAG_PARTIAL)
		skb_set_partial();
	if (!skb.partial)
		skb_sum_begin();
}

static void read_randoms(void)
{
	static __u32 numbers[MAX_RANDOMS];
	__u16 count = take_u16();

	if (count > MAX_RANDOMS)
		die("%u random numbers, of at most %u", count, MAX_RANDOMS);
	memcpy(numbers, take(count * sizeof(*numbers)), count * sizeof(*numbers));
	chance_set(numbers, count);
}

static void read_fault(void)
{
	__u8 fault = take_u8();

	fault_set(fault, take_u32());
}

static void read_input(struct input *input)
{
	input->hook = take_u8();
	if (!programs_has_hook(input->hook))
		die("there is no hook %u", input->hook);
	input->ifindex = take_u32();
	input->flags = take_u8();
	input->gso_size = take_u32();
	input->gso_segments = take_u32();
	input->linear = take_u32();
	clock_set(clock_now() + take_u32() * EPOCH_NS);
	read_fault();
	read_randoms();
	input->length = take_u32();
	input->frame = take(input->length);
}

static void put_frame(void)
{
	put_u32(skb_length());
	put(skb.linear, skb.linear_length);
	put(skb.rest, skb.rest_length);
}

static void put_copies(void)
{
	put_u32(skb.copy_count);
	for (__u32 i = 0; i < skb.copy_count; i++) {
		put_u32(skb.copies[i].ifindex);
		put_u32(skb.copies[i].length);
		put(skb.copies[i].frame, skb.copies[i].length);
	}
}

static void put_redirect(const struct redirect *redirect)
{
	put_u8(redirect->asked ? 1 + redirect->resolve : 0);
	put_u32(redirect->ifindex);
}

static void run_packet(void)
{
	struct input input;

	read_input(&input);
	begin_packet(&input);
	maps_before_packet();
	capture_ring_begin();
	put_u32(programs_run(input.hook, &skb));
	put_redirect(&skb.redirect);
	put_u8(fault_has_struck());
	put_u8(skb_sum_judge());
	put_frame();
	put_copies();
	put_u64(clock_now());
	state_put_changes("reason_stats");
	state_put_changes("target_stats");
	state_put_changes("latencies");
	state_put_changes("failures");
	state_put_entries("flows");
	state_put_entries("pending");
	state_put_entries("fragments");
	state_put_entries("rate_source");
	state_put_set("rate_target");
	state_put_entries("late");
	state_put_set("late_slots");
	state_put_changes("rate_stats");
	state_put_changes("event_losses");
	ring_put();
	state_put_changes("capture_counts");
	capture_ring_put();
}

void request_case(void)
{
	cases_begun++;
	packets_begun = 0;
	state_read();
	for (__u16 left = take_u16(); left; left--) {
		packets_begun++;
		run_packet();
	}
	wire_answer();
}
