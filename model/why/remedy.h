/* What ends a failure now, and how to make that permanent: the fixes of the limit that is reached,
 * in the form that reaches the running process. Pure. Values and texts come from the rules' fixes;
 * this only chooses and wraps them. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_H
#define HEADROOM_MODEL_WHY_REMEDY_H

#include "model/why/remedy_form.h"

/* Gives the remedies, the most certain first, at most REMEDIES_MAX. Returns how many; 0: no setting
 * helps. */
size_t remedies_of(const struct remedy_question *question, struct remedy *ret_remedies);

/* Returns "now", "reload" or "restart". */
const char *remedy_reach_name(enum remedy_reach reach);

#endif
