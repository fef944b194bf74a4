/* Which value of the one number that could not be read decides: up to where the plan passes. */
#ifndef HEADROOM_MODEL_REACH_DECIDES_H
#define HEADROOM_MODEL_REACH_DECIDES_H

#include "model/reach/trial.h"

/* `judged`: the trial of these facts, whose verdict is unknown. The search judges the plan again
 * for some 60 values. */
struct decides decides_find(const struct trial *judged, const struct facts *facts);

#endif
