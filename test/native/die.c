// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"

#define EXIT_REFUSED 3

static void (*say_last)(void);

void die_say_last(void (*say)(void))
{
	say_last = say;
}

void die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("native data path: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	if (say_last)
		say_last();
	exit(EXIT_REFUSED);
}

void *allocate(unsigned long size)
{
	void *memory = malloc(size);

	if (!memory)
		die("no memory for %lu bytes", size);
	return memory;
}
