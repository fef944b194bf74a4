/* Allocations that never fail: if the system has no memory left, the program says so and ends. An
 * audit with a part of its document missing would be worse than none. */
#ifndef HEADROOM_BASE_MEMORY_H
#define HEADROOM_BASE_MEMORY_H

#include <stddef.h>

/* Prints "headroom: out of memory" and ends the program with the status below. */
_Noreturn void memory_exhausted(void);

/* Sets the exit status of a program that runs out of memory; it is 1 by default. */
void memory_set_exit_status(int status);

/* Like calloc(1, size), malloc(size) and realloc(memory, size), but they return NULL only for a
 * size of 0. Free the memory with free(). */
void *memory_new(size_t size);
void *memory_get(size_t size);
void *memory_resize(void *memory, size_t size);

#endif
