/* The one way out when memory is exhausted. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

/* Set once, when a program starts. */
static int exit_status = 1;

void memory_set_exit_status(int status)
{
	exit_status = status;
}

/* No printf: it may want memory itself. */
void memory_exhausted(void)
{
	static const char text[] = "headroom: out of memory\n";
	(void)!fwrite(text, 1, sizeof text - 1, stderr);
	exit(exit_status);
}

void *memory_new(size_t size)
{
	void *memory = calloc(1, size);
	if (!memory && size)
		memory_exhausted();
	return memory;
}

void *memory_get(size_t size)
{
	void *memory = malloc(size);
	if (!memory && size)
		memory_exhausted();
	return memory;
}

void *memory_resize(void *memory, size_t size)
{
	void *resized = realloc(memory, size);
	if (!resized && size)
		memory_exhausted();
	return resized;
}
