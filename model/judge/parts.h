/* What each load of a plan adds to the demand on one limit. */
#ifndef HEADROOM_MODEL_JUDGE_PARTS_H
#define HEADROOM_MODEL_JUDGE_PARTS_H

#include "model/judge/judge.h"

/* If several loads use the instance, sets each load's part of the demand: the demand at its peak
 * minus the demand at the same moment without this load. Does nothing if the demand is not known.
 * What is already in use belongs to no part. If the demand is not a plain sum, the parts need not
 * add up to it. */
void parts_of(const struct judge *judge, struct judgement *judgement);

#endif
