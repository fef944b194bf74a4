/* What each load of a plan adds to the demand on one limit. */
#ifndef HEADROOM_MODEL_JUDGE_PARTS_H
#define HEADROOM_MODEL_JUDGE_PARTS_H

#include "model/judge/judge.h"

/* Sets parts of a judgement whose demand is known, where several loads use the instance: the demand
 * at its peak less that of the others without this load. What is in use already is in none of
 * them; where the demand is no plain sum, they need not add up. */
void parts_of(const struct judge *judge, struct judgement *judgement);

#endif
