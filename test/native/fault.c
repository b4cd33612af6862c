// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "fault.h"

static enum fault wanted;
static __u32 calls_left;
static bool struck;

void fault_set(enum fault fault, __u32 call)
{
	wanted = fault;
	calls_left = call;
	struck = false;
}

bool fault_strikes(enum fault fault)
{
	if (fault != wanted || !calls_left || --calls_left)
		return false;
	struck = true;
	return true;
}

bool fault_has_struck(void)
{
	return struck;
}
