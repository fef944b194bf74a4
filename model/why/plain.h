/* A line of a log in a uniform spelling: terminals, JSON, syslog and typesetting write the same
 * text in several ways. */
#ifndef HEADROOM_MODEL_WHY_PLAIN_H
#define HEADROOM_MODEL_WHY_PLAIN_H

#include <stddef.h>

#include "base/arena.h"

struct plain {
	const char *text; /* ends with a NUL; contains no other NUL */
	size_t length;
};

/* Returns the line in lower case (ASCII and Latin-1). White space, control characters and their
 * escapes (\n, \t, #012) become one blank and are dropped at both ends; every quote becomes ';
 * terminal colors are removed; \uXXXX and JSON backslashes are resolved. The result is never longer
 * than the input. */
struct plain plain_line(struct arena *arena, const char *line, size_t length);

#endif
