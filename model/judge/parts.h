/* Computes how much each load of a plan adds to the demand on one limit. */
#ifndef HEADROOM_MODEL_JUDGE_PARTS_H
#define HEADROOM_MODEL_JUDGE_PARTS_H

#include "model/judge/judge.h"

/* If several loads use the instance, sets the part of each load: the demand at its peak minus the
 * demand at that moment without this load. What the host already uses belongs to no load. Does
 * nothing if the demand is unknown. The parts need not add up to the demand if it is not a plain
 * sum. */
void parts_of(const struct judge *judge, struct judgement *judgement);

#endif
