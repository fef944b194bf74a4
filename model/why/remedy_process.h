/* Remedies for limits that each process has separately. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_PROCESS_H
#define HEADROOM_MODEL_WHY_REMEDY_PROCESS_H

#include "model/why/remedy_form.h"

/* If the fix is for a limit of the process: adds its remedy, provided that this limit is full.
 * Returns false for any other fix. */
bool remedy_of_process(struct remedy_answer *answer, const struct fix_rule *fix);

#endif
