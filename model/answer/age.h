/* How old the facts are. The model reads no clock: the caller passes the age in the options. */
#ifndef HEADROOM_MODEL_ANSWER_AGE_H
#define HEADROOM_MODEL_ANSWER_AGE_H

#include "base/arena.h"
#include "model/options.h"

/* Returns "9 days", "1 day", "26 hours" (below two days), "5 minutes"; age_s must not be
 * negative. */
const char *age_text(struct arena *arena, double age_s);

/* Returns true if the facts are dated later than this run by more than two clocks may differ (five
 * minutes). */
bool age_is_future(double age_s);

/* Returns true if the facts are, or may be, older than options->max_age_s. If that is 0, nothing is
 * too old. */
bool age_is_too_old(const struct model_options *options);

/* Returns a sentence if the facts are dated in the future or are more than a day old, else NULL. */
const char *age_warning(struct arena *arena, const struct model_options *options);

/* Says why nothing can pass if age_is_too_old: "its values are 9 days old (--max-age allows 1
 * day)". */
const char *age_reason(struct arena *arena, const struct model_options *options);

#endif
