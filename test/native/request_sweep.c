// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "abi.h"
#include "die.h"
#include "programs.h"
#include "requests.h"
#include "ring.h"
#include "state.h"
#include "wire.h"

void request_sweep(void)
{
	struct sweep_args args = {};

	cases_begun++;
	packets_begun = 0;
	state_read();
	args.syn_timeout_ns = take_u64();
	args.established_timeout_ns = take_u64();
	args.closing_timeout_ns = take_u64();
	args.udp_timeout_ns = take_u64();
	args.answer_timeout_ns = take_u64();
	args.last_ns = take_u64();
	if (programs_sweep(&args))
		die("the sweep program returned an error");
	put(&args, sizeof(args));
	state_put_entries("flows");
	state_put_entries("pending");
	state_put_entries("late");
	state_put_set("late_slots");
	state_put_set("target_active");
	state_put_changes("target_stats");
	state_put_changes("failures");
	ring_put();
	wire_answer();
}
