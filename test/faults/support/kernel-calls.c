// SPDX-License-Identifier: MIT
/*
 * For LD_PRELOAD under a Node program: counts its calls that change or ask the kernel's side of a
 * balancer, and lets the n-th of them fail, all from the n-th on fail, or the process die at it.
 * Counted are bpf(2) but for test runs (the sweep's come by the clock), libbpf's netlink requests,
 * and changes of files under /sys/fs/bpf and /run/sluice. The file that KERNEL_CALLS names is
 * shared with the test: struct control.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BPF_PROG_TEST_RUN 10
#define MAX_NOTED	  4096

enum action {
	ACTION_IDLE,
	ACTION_COUNT,
	ACTION_FAIL_ONE,
	ACTION_FAIL_FROM,
	ACTION_KILL_BEFORE,
	ACTION_KILL_AFTER,
};

/* What a call was: a command of bpf(2), or one of these. */
enum call {
	CALL_NETLINK = 1000,
	CALL_MKDIR,
	CALL_RMDIR,
	CALL_UNLINK,
	CALL_RENAME,
	CALL_LINK,
};

struct control {
	_Atomic uint32_t action;
	_Atomic uint32_t at;	/* the call that it is about, from 1 */
	_Atomic uint32_t error; /* errno */
	_Atomic uint32_t count;
	_Atomic uint32_t calls[MAX_NOTED];
};

static struct control *control;

/* Children, which inherit the environment, are not meant. */
__attribute__((constructor)) static void open_control(void)
{
	const char *path = getenv("KERNEL_CALLS");
	void *mapped;
	int fd;

	if (!path || strcmp(program_invocation_short_name, "node") != 0)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	mapped = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (mapped == MAP_FAILED)
		abort();
	control = mapped;
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	pause();
}

/* Counts a call; false with errno set when it is to fail. `*last`: the process is to die after it.
 */
static bool may_begin(uint32_t call, bool *last)
{
	uint32_t action = control ? control->action : ACTION_IDLE;
	uint32_t number;

	*last = false;
	if (action == ACTION_IDLE)
		return true;
	number = atomic_fetch_add(&control->count, 1) + 1;
	if (number <= MAX_NOTED)
		control->calls[number - 1] = call;
	if (number < control->at || (number > control->at && action != ACTION_FAIL_FROM))
		return true;
	if (action == ACTION_KILL_BEFORE)
		die();
	*last = action == ACTION_KILL_AFTER;
	if (action != ACTION_FAIL_ONE && action != ACTION_FAIL_FROM)
		return true;
	errno = control->error;
	return false;
}

static long end(long result, bool last)
{
	if (last)
		die();
	return result;
}

static bool is_ours(const char *path)
{
	return strncmp(path, "/sys/fs/bpf/", 12) == 0 || strncmp(path, "/run/sluice/", 12) == 0;
}

static bool is_netlink(int fd)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_NETLINK;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define STEP(counted, call, work)                                            \
	({                                                                   \
		bool last = false;                                           \
		(counted) && !may_begin(call, &last) ? -1 : end(work, last); \
	})

long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	return STEP(number == SYS_bpf && a[0] != BPF_PROG_TEST_RUN, a[0],
		    NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	return STEP(is_netlink(fd), CALL_NETLINK, NEXT(send)(fd, bytes, size, flags));
}

int mkdir(const char *path, mode_t mode)
{
	return STEP(is_ours(path), CALL_MKDIR, NEXT(mkdir)(path, mode));
}

int rmdir(const char *path)
{
	return STEP(is_ours(path), CALL_RMDIR, NEXT(rmdir)(path));
}

int unlink(const char *path)
{
	return STEP(is_ours(path), CALL_UNLINK, NEXT(unlink)(path));
}

int rename(const char *from, const char *to)
{
	return STEP(is_ours(from), CALL_RENAME, NEXT(rename)(from, to));
}

int link(const char *from, const char *to)
{
	return STEP(is_ours(to), CALL_LINK, NEXT(link)(from, to));
}
