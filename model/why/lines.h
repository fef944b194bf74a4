/* Many lines of a log: each cause once, with how many lines name it. */
#ifndef HEADROOM_MODEL_WHY_LINES_H
#define HEADROOM_MODEL_WHY_LINES_H

#include "model/why/match.h"

/* A cause that lines name: a limit, or else a cause that is no limit. */
struct why_found {
	const struct limit_rule *limit;
	const struct cause_rule *cause;
	const struct why_line *line; /* the first that names it */
	size_t lines;                /* how many do */
	size_t place;                /* its best place in a line's causes, 0: the likeliest */
};

struct why_founds {
	struct why_found *items; /* the likeliest first: by lines, of which it is the first cause */
	size_t count, capacity;
	size_t known; /* lines of which something is known */
};

/* `text` is one or more lines. A line with an error but no call gets the call from the indented
 * lines around it, a stack trace. If no single line is recognized, the whole text is read as one
 * line that was broken. Outgoing ports from `low` to `high`; 0 and 0: not known. */
void why_find(struct arena *arena,
		const struct why_table *table,
		const char *text,
		unsigned low,
		unsigned high,
		struct why_founds *ret);

/* The text with {to}, {host} and {port} of the line filled in, without the parts in [[ ]] for which
 * they are not known. NULL if no text is left. */
const char *why_fill(struct arena *arena, const char *text, const struct why_line *line);

#endif
