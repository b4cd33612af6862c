// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The data path as a process: requests in, answers out. PROTOCOL.md says how they look. */
#include <sanitizer/common_interface_defs.h>
#include <stdio.h>

#include "die.h"
#include "requests.h"
#include "wire.h"

enum request {
	REQUEST_WORLD = 1,
	REQUEST_CASE,
	REQUEST_SWEEP,
};

/* Leaks are of no interest: the process frees what it can, and ends with its input. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_abort=1:detect_stack_use_after_return=1:quarantine_size_mb=16";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1";
}

#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED
#endif

/*
 * The last words: the other side asks for many cases at once, and takes the first that has no
 * answer for the one that was in hand.
 */
static void tell_place(void)
{
	wire_flush();
	if (cases_begun)
		fprintf(stderr, "in case %u, packet %u\n", cases_begun, packets_begun);
}

static void serve(void)
{
	__u8 kind = take_u8();

	switch (kind) {
	case REQUEST_WORLD:
		request_world();
		break;
	case REQUEST_CASE:
		request_case();
		break;
	case REQUEST_SWEEP:
		request_sweep();
		break;
	default:
		die("there is no request of kind %u", kind);
	}
}

int main(void)
{
	die_say_last(tell_place);
#ifdef SANITIZED
	__sanitizer_set_death_callback(tell_place);
#endif
	while (wire_read_request())
		serve();
	return 0;
}
