/* What the judged limits mean for the plan as a whole. */
#ifndef HEADROOM_MODEL_ANSWER_CONCLUSION_H
#define HEADROOM_MODEL_ANSWER_CONCLUSION_H

#include "model/change.h"

/* Returns true if at least one limit applies to the plan. */
bool conclusion_any_applies(const struct all_limits *limits);

/* Returns the verdict on the plan. Values that are too old (too_old) can prove a fail but no
 * pass. */
enum verdict conclusion_verdict(const struct all_limits *limits, bool too_old);

/* Counts the advisory limits over their target and the findings that are warnings. */
size_t conclusion_warnings(const struct result *result);

#endif
