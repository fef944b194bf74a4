/* Explains a limit with the numbers of this host: how much of it is in use now, and how much of it
 * the named plan would use. */
#ifndef HEADROOM_AUDIT_EXPLAIN_NUMBERS_H
#define HEADROOM_AUDIT_EXPLAIN_NUMBERS_H

#include "audit/explain/explanation.h"

/* The limits, judged for the named workload. Without one, they are judged for the default workload,
 * and only their capacity is shown. */
struct explained {
	const struct resource *resource; /* the limit that is explained */
	struct result result;
	bool planned; /* a workload was named */
};

bool explain_judge(const struct explanation *e, struct explained *ret_explained, struct error *err);

/* Adds a first line if the limit is full or nearly full; otherwise adds nothing. */
void explain_add_now_line(const struct explanation *e, const struct explained *explained);
/* Adds the paragraphs about present use, demand and capacity. */
void explain_add_numbers(const struct explanation *e, const struct explained *explained);

#endif
