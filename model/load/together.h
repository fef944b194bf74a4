/* The courses of several loads side by side, and their sum. */
#ifndef HEADROOM_MODEL_LOAD_TOGETHER_H
#define HEADROOM_MODEL_LOAD_TOGETHER_H

#include "model/load/timeline.h"

/* A load whose plan goes on after its own end: all of its connections close then. */
void timeline_outlive(struct arena *arena, struct timeline *timeline, double end_s);

/* When all of those that come round in waves have been seen; INFINITY: none does. */
double timeline_settled(const struct timeline *const *all, size_t count);

/* Several loads together. All end at the same second. */
struct timeline timeline_sum(struct arena *arena, const struct timeline *const *all, size_t count);

#endif
