/* Explaining a limit with the numbers of this host: what is in use of it now, and how a plan that
 * was named uses it. */
#ifndef HEADROOM_AUDIT_COMMAND_EXPLAIN_NUMBERS_H
#define HEADROOM_AUDIT_COMMAND_EXPLAIN_NUMBERS_H

#include "audit/run/pipeline.h"
#include "report/write/write.h"

struct explained;

struct explanation {
	struct pipeline *pipeline;
	struct write_options look;
	struct text *out;
	const struct explained *judged;
	const struct facts *facts; /* of the result: derived ones as well */
	const char *load; /* of a plan of several loads the last: a ready workload or a file; or NULL */
};

/* A paragraph with its label; nothing where the text is NULL or empty. Cleans the text. */
void explain_add(const struct explanation *e, const char *label, const char *text);

/* The limits under the workload that was named, or else the default one, of which nothing but the
 * capacity is told. */
struct explained {
	const struct resource *resource; /* the limit that is explained */
	struct result result;
	bool planned; /* a workload was named */
};

bool explain_judge(const struct explanation *e, struct explained *ret_explained, struct error *err);

/* The line that comes first where the limit is full, or nearly. */
void explain_add_now_line(const struct explanation *e, const struct explained *explained);
/* What is in use, demand and capacity. */
void explain_add_numbers(const struct explanation *e, const struct explained *explained);

#endif
