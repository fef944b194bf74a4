/* A line of a log as matching sees it: one spelling for what terminals, JSON, syslog and
 * typesetting write in several ways. */
#ifndef HEADROOM_MODEL_WHY_PLAIN_H
#define HEADROOM_MODEL_WHY_PLAIN_H

#include <stddef.h>

#include "base/arena.h"

struct plain {
	const char *text; /* ends with a NUL; contains no other NUL */
	size_t length;
};

/* Small letters (ASCII and Latin-1); any run of white space, control characters and their escapes
 * (\n, \t, #012) one blank, none at the ends; every quote '; colors of terminals gone; \uXXXX and
 * backslashes of JSON resolved. Never longer than the input, in one pass. */
struct plain plain_line(struct arena *arena, const char *line, size_t length);

#endif
