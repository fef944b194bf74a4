/* How long a server may stop accepting before its queue is full. */
#ifndef HEADROOM_MODEL_QUEUES_PAUSE_H
#define HEADROOM_MODEL_QUEUES_PAUSE_H

#include "model/load/timeline.h"

/* Returns the highest number of connections per second that the plan opens, not counting those that
 * open all at once. */
double pause_peak_rate(const struct timeline *plan);
/* Returns the seconds until `room` more connections have arrived at that rate; INFINITY: never. */
double pause_that_fills(const struct timeline *plan, double room);

#endif
