// SPDX-License-Identifier: MIT
/* For LD_PRELOAD: a uname(2) that says the release in the environment variable UNAME_RELEASE. */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int uname(struct utsname *name)
{
	const char *release = getenv("UNAME_RELEASE");
	long result = syscall(SYS_uname, name);

	if (result == 0 && release)
		strncpy(name->release, release, sizeof(name->release) - 1);
	return result;
}
