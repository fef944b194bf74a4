/* How evenly the kernel fills the queues of several sockets that share an address. */
#ifndef HEADROOM_MODEL_QUEUES_SPREAD_H
#define HEADROOM_MODEL_QUEUES_SPREAD_H

/* Connections that may arrive at once at `sockets` sockets, each with room for `room` more, so that
 * in all but one of a million such bursts none finds its queue full. A lower bound. */
double spread_at_worst(double sockets, double room);

#endif
