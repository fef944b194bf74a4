/* Items of the lists in a plan: destinations as HOST:PORT, source addresses. */
#ifndef HEADROOM_MODEL_LOAD_DESTINATION_H
#define HEADROOM_MODEL_LOAD_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Accepts HOST:PORT, HOST or [IPV6]:PORT; otherwise returns false and err says what is wrong. A
 * plain number is refused, because it would be a count. */
bool destination_check(const char *text, struct error *err);
/* Accepts an address or a host name without a port. false with err. */
bool source_address_check(const char *text, struct error *err);
/* Returns true for 127.0.0.0/8, ::1 and localhost. */
bool destination_is_loopback(const char *destination);
/* Returns true if the two host names are equal, ignoring case. */
bool destination_same_name(const char *name, const char *text, size_t length);
enum {
	DESTINATION_WEIGHT_MAX = 250,
	DESTINATIONS_MAX = 100000 /* entries of a list, each counted as often as its weight */
};

/* Drops repeated entries and keeps the order; returns how many remain. Names are compared without
 * regard to case, addresses to spelling. *ret_weights says how often each was named, up to
 * DESTINATION_WEIGHT_MAX; NULL if all were named equally often. */
size_t destinations_unique(struct arena *arena,
		const char **items,
		size_t count,
		const unsigned **ret_weights);

#endif
