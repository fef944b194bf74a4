/* An arena: memory that is freed all at once. What a run produces lives in the arena of the run.
 * When the system has no memory left, the program ends (base/memory.h). */
#ifndef HEADROOM_BASE_ARENA_H
#define HEADROOM_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Returns zeroed memory, aligned for any type; never NULL, even for a size of 0. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *text, size_t length); /* adds a NUL */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

/* Makes room for one more element in an array of `count` elements of `size` bytes. Returns the
 * array, moved if it was full, and updates *capacity. {NULL, 0, 0} is an empty array. The old
 * memory of a moved array stays in the arena. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

#endif
