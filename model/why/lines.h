/* Reads many lines of a log: lists each cause once, with the number of lines that name it. */
#ifndef HEADROOM_MODEL_WHY_LINES_H
#define HEADROOM_MODEL_WHY_LINES_H

#include "model/why/match.h"

/* A cause that lines name: a limit, or else (limit NULL) another cause. */
struct why_found {
	const struct limit_rule *limit;
	const struct cause_rule *cause;
	const struct why_line *line; /* the first line that names it */
	size_t lines;                /* how many lines name it */
	size_t place;                /* its best rank among a line's causes; 0: the likeliest */
};

struct why_founds {
	/* The likeliest first: by the number of lines that name it as first cause. */
	struct why_found *items;
	size_t count, capacity;
	size_t known; /* number of lines that were recognized */
};

/* Reads one or more lines. A line with an error but no call gets the call from the indented lines
 * around it (a stack trace). If no single line is recognized, the text is read again as one broken
 * line. `low` and `high`: the range of outgoing ports; 0 and 0: not known. */
void why_find(struct arena *arena,
		const struct why_table *table,
		const char *text,
		unsigned low,
		unsigned high,
		struct why_founds *ret);

/* Fills in {to}, {host} and {port} from the line and drops the parts in [[ ]] for which they are
 * not known. Returns NULL if no text is left. */
const char *why_fill(struct arena *arena, const char *text, const struct why_line *line);

#endif
