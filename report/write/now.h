/* The present use of the limits as text: the first lines on a screen. */
#ifndef HEADROOM_REPORT_WRITE_NOW_H
#define HEADROOM_REPORT_WRITE_NOW_H

#include "model/result.h"
#include "report/write/pen.h"

/* A limit and its present use. */
struct now_limit {
	const char *title;
	enum unit quantity;
	bool to;    /* `by` is a destination */
	bool apart; /* `by` is a process, and a gate judges its own command, not that process */
	struct present now;
};

/* Returns "Outgoing ports to 10.99.0.2:8081: 12,232 of 12,232 in use", in the arena. */
const char *now_sentence(struct arena *arena, const struct now_limit *limit);

/* Writes "NOW FULL  …" or "NEARLY FULL  …"; nothing if the limit is neither. */
void now_line(const struct pen *pen, const struct now_limit *limit);

/* Writes such lines for the hard limits among the rows, at most three, the full ones first. The
 * rows are those of an audit (resources) or of a look at a host (limits). */
void now_lines(const struct pen *pen, const cJSON *rows);

/* Returns the present use in a row of an audit. */
struct now_limit now_limit_of(const struct pen *pen, const cJSON *row);

#endif
