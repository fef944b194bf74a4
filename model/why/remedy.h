/* What ends a failure now, and how it stays: the fixes of the limit that is reached, in the form
 * that reaches the process that runs. Pure. Values and texts are those of the rules' fixes; this
 * only chooses among them, and wraps them. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_H
#define HEADROOM_MODEL_WHY_REMEDY_H

#include "model/why/remedy_form.h"

/* The surest first, at most REMEDIES_MAX. Returns how many; 0: no setting helps. */
size_t remedies_of(const struct remedy_question *question, struct remedy *ret_remedies);

/* "now" "reload" "restart" */
const char *remedy_reach_name(enum remedy_reach reach);

#endif
