/* How old the facts are. The model reads no clock: the age is one of its options. */
#ifndef HEADROOM_MODEL_ANSWER_AGE_H
#define HEADROOM_MODEL_ANSWER_AGE_H

#include "base/arena.h"
#include "model/options.h"

/* "9 days", "1 day", "26 hours" (up to two days), "5 minutes"; age_s is not negative. */
const char *age_text(struct arena *arena, double age_s);

/* Were they read after this run, by more than two clocks may differ? */
bool age_is_future(double age_s);

/* Is their age not known to be within max_age_s? Without max_age_s nothing is too old. */
bool age_is_too_old(const struct model_options *options);

/* What a reader must be warned of: values from the future, or more than a day old. NULL: nothing.
 */
const char *age_warning(struct arena *arena, const struct model_options *options);

/* Why nothing can pass where age_is_too_old: "its values are 9 days old (--max-age allows 1 day)".
 */
const char *age_reason(struct arena *arena, const struct model_options *options);

#endif
