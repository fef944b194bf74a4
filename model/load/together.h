/* The courses of several loads side by side, and their sum. */
#ifndef HEADROOM_MODEL_LOAD_TOGETHER_H
#define HEADROOM_MODEL_LOAD_TOGETHER_H

#include "model/load/timeline.h"

/* For a load that ends before its plan does: all of its connections close when the load ends. */
void timeline_outlive(struct arena *arena, struct timeline *timeline, double end_s);

/* When every timeline that repeats in waves has been seen once; INFINITY if no timeline repeats. */
double timeline_settled(const struct timeline *const *all, size_t count);

/* Several loads together. All end at the same second. */
struct timeline timeline_sum(struct arena *arena, const struct timeline *const *all, size_t count);

#endif
