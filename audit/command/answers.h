/* The documents of report/answer/. Their own commands write them, and headroom report writes them
 * again from a file. */
#ifndef HEADROOM_AUDIT_COMMAND_ANSWERS_H
#define HEADROOM_AUDIT_COMMAND_ANSWERS_H

#include "audit/output/kind.h"

extern const struct output_kind answer_kind_size, answer_kind_history, answer_kind_trend,
		answer_kind_drift, answer_kind_why, answer_kind_lint;

/* Returns the kind that the document's schema names, or NULL if it is another document. */
const struct output_kind *answer_kind_of(const cJSON *document);

#endif
