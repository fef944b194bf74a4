/* Separates facts that say what a host is doing from those that say how it is configured. */
#ifndef HEADROOM_MODEL_RESTLESS_H
#define HEADROOM_MODEL_RESTLESS_H

#include <stdbool.h>

/* Returns true for facts that change by themselves from minute to minute: counters, sockets, free
 * memory. */
bool fact_is_restless(const char *key);

#endif
