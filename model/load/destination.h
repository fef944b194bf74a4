/* The items in the lists of a plan: HOST:PORT of destinations, addresses of sources. */
#ifndef HEADROOM_MODEL_LOAD_DESTINATION_H
#define HEADROOM_MODEL_LOAD_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Accepts HOST:PORT, HOST or [IPV6]:PORT; false with what is wrong. A plain number is refused,
 * because it would be a count. */
bool destination_check(const char *text, struct error *err);
/* An address or a host name, without a port. */
bool source_address_check(const char *text, struct error *err);
/* 127.0.0.0/8, ::1, localhost. */
bool destination_is_loopback(const char *destination);
/* Is this the same host name, ignoring case? */
bool destination_same_name(const char *name, const char *text, size_t length);
enum {
	DESTINATION_WEIGHT_MAX = 250,
	DESTINATIONS_MAX = 100000 /* of a list, each as often as it weighs */
};

/* Drops entries that were named before; names match in any case, addresses in any spelling. Naming
 * an entry twice does not make it two. Keeps the order and returns how many remain. *ret_weights:
 * how often each was named, at most DESTINATION_WEIGHT_MAX times; NULL if all were named equally
 * often. */
size_t destinations_unique(struct arena *arena,
		const char **items,
		size_t count,
		const unsigned **ret_weights);

#endif
