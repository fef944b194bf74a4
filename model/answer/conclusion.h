/* What the judged limits mean for the plan as a whole. */
#ifndef HEADROOM_MODEL_ANSWER_CONCLUSION_H
#define HEADROOM_MODEL_ANSWER_CONCLUSION_H

#include "model/change.h"

/* Does any limit apply to the plan? */
bool conclusion_any_applies(const struct all_limits *limits);

/* Values that are too old may hide a fail, but a fail that they show is one. */
enum verdict conclusion_verdict(const struct all_limits *limits, bool too_old);

/* Advisory limits over the target, and findings that are warnings. */
size_t conclusion_warnings(const struct result *result);

#endif
