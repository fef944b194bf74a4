/* What headroom explain writes: paragraphs with a label, beside the values that they need. */
#ifndef HEADROOM_AUDIT_EXPLAIN_EXPLANATION_H
#define HEADROOM_AUDIT_EXPLAIN_EXPLANATION_H

#include "audit/run/pipeline.h"
#include "report/write/write.h"

struct explained;

struct explanation {
	struct pipeline *pipeline;
	struct write_options look;
	struct text *out;
	const struct explained *judged;
	const struct facts *facts; /* those of the result, including derived ones */
	bool all;                  /* no name: all lists, not one screen */
	const char *load;          /* the preset or file named last; NULL: none */
};

/* Adds a paragraph with its label, or nothing if the text is NULL or empty. Cleans the text. */
void explain_add(const struct explanation *e, const char *label, const char *text);

#endif
