/* Limits that each process has for itself. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_PROCESS_H
#define HEADROOM_MODEL_WHY_REMEDY_PROCESS_H

#include "model/why/remedy_form.h"

/* If it is a fix of a limit of the process: its remedy, where that is what is full. false: it is
 * another. */
bool remedy_of_process(struct remedy_answer *answer, const struct fix_rule *fix);

#endif
