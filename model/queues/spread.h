/* How evenly the kernel fills the queues of several sockets that share an address. */
#ifndef HEADROOM_MODEL_QUEUES_SPREAD_H
#define HEADROOM_MODEL_QUEUES_SPREAD_H

/* Returns how many connections may arrive at once at `sockets` sockets, each with room for `room`
 * connections, so that no queue overflows in all but one of a million such bursts. A lower
 * bound. */
double spread_at_worst(double sockets, double room);

#endif
