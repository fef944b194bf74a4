/* How long a server may not accept before its queue is full. */
#ifndef HEADROOM_MODEL_QUEUES_PAUSE_H
#define HEADROOM_MODEL_QUEUES_PAUSE_H

#include "model/load/timeline.h"

/* The most connections that the plan opens in a second, but for jumps. */
double pause_peak_rate(const struct timeline *plan);
/* Seconds until `room` more connections have come at the peak rate; INFINITY: never. */
double pause_that_fills(const struct timeline *plan, double room);

#endif
