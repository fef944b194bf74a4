/* If one number could not be read: for which of its values the plan passes. */
#ifndef HEADROOM_MODEL_REACH_DECIDES_H
#define HEADROOM_MODEL_REACH_DECIDES_H

#include "model/reach/trial.h"

/* Finds that number and its values. `judged` is the trial of these facts, whose verdict is unknown.
 * The search judges the plan again for about 60 values. */
struct decides decides_find(const struct trial *judged, const struct facts *facts);

#endif
