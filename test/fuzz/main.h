/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The end of the source that test/fuzz/build makes of several targets: FUZZ_TARGETS names each as
 * FUZZ_TARGET(name), and the program is the one by whose name it was called.
 */
#include "harness.h"

static int (*fuzz_target)(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = strrchr((*argv)[0], '/');

	name = name ? name + 1 : (*argv)[0];
#define FUZZ_TARGET(target)         \
	if (!strcmp(name, #target)) \
		fuzz_target = fuzz_##target;
	FUZZ_TARGETS
#undef FUZZ_TARGET
	if (fuzz_target)
		return 0;
	fprintf(stderr, "fuzz: %s is no target of this program\n", name);
	exit(64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_target(data, size);
}
