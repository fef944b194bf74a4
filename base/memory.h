/* Memory that is always there: when the system has none left, the program says so and ends. An
 * audit that went on without a part of its document would be worse than none. */
#ifndef HEADROOM_BASE_MEMORY_H
#define HEADROOM_BASE_MEMORY_H

#include <stddef.h>

/* Prints "headroom: out of memory" and ends the program with the status below. */
_Noreturn void memory_exhausted(void);

/* The exit status of a program that ran out of memory: 1 unless it was set. */
void memory_set_exit_status(int status);

/* Like calloc(1, size), malloc(size) and realloc(memory, size), but NULL only for a size
 * of 0. Freed with free(). */
void *memory_new(size_t size);
void *memory_get(size_t size);
void *memory_resize(void *memory, size_t size);

#endif
