/* Steps of a CI job: shell texts, each run by a separate shell. */
#ifndef HEADROOM_MODEL_LINT_STEPS_H
#define HEADROOM_MODEL_LINT_STEPS_H

#include "model/lint/lint.h"
#include "model/lint/tree.h"

/* Reads the script of step number scan->step. */
void lint_read_step(struct lint_scan *scan, const struct node *script);

#endif
