/* Combines the courses of several loads. */
#ifndef HEADROOM_MODEL_LOAD_TOGETHER_H
#define HEADROOM_MODEL_LOAD_TOGETHER_H

#include "model/load/timeline.h"

/* Lets a load end before its plan does: all its connections close when it ends. */
void timeline_outlive(struct arena *arena, struct timeline *timeline, double end_s);

/* Returns the second at which every timeline that repeats in waves has been seen once; INFINITY if
 * none repeats. */
double timeline_settled(const struct timeline *const *all, size_t count);

/* Returns the sum of several loads, which must all end at the same second. */
struct timeline timeline_sum(struct arena *arena, const struct timeline *const *all, size_t count);

#endif
