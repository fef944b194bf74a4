/* Which facts say what a host is doing, and which say how it is set. */
#ifndef HEADROOM_MODEL_RESTLESS_H
#define HEADROOM_MODEL_RESTLESS_H

#include <stdbool.h>

/* Does it change by itself from minute to minute: counters, sockets, free memory? */
bool fact_is_restless(const char *key);

#endif
