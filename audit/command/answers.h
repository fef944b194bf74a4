/* The documents of report/answer/: what their commands write, and what headroom report writes of
 * them again. */
#ifndef HEADROOM_AUDIT_COMMAND_ANSWERS_H
#define HEADROOM_AUDIT_COMMAND_ANSWERS_H

#include "audit/output/kind.h"

extern const struct output_kind answer_kind_size, answer_kind_history, answer_kind_trend,
		answer_kind_drift, answer_kind_why, answer_kind_lint;

/* By the schema of a document; NULL: it is none of them. */
const struct output_kind *answer_kind_of(const cJSON *document);

#endif
