/* What stands in the lists of a plan: HOST:PORT of destinations, addresses of sources. */
#ifndef HEADROOM_MODEL_LOAD_DESTINATION_H
#define HEADROOM_MODEL_LOAD_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* HOST:PORT, HOST or [IPV6]:PORT; false with what is wrong. A plain number is none: it would be a
 * count. */
bool destination_check(const char *text, struct error *err);
/* An address or a host name, without a port. */
bool source_address_check(const char *text, struct error *err);
/* 127.0.0.0/8, ::1, localhost. */
bool destination_is_loopback(const char *destination);
/* Is this the host name, whatever its case? */
bool destination_same_name(const char *name, const char *text, size_t length);
enum {
	DESTINATION_WEIGHT_MAX = 250,
	DESTINATIONS_MAX = 100000 /* of a list, each as often as it weighs */
};

/* Drops entries named before, whatever their case or, of an address, their spelling: naming one
 * twice does not make it two. Keeps the order and returns how many remain. *ret_weights: how often
 * each is named beside the others, at most DESTINATION_WEIGHT_MAX
 * times; NULL: all as often. */
size_t destinations_unique(struct arena *arena,
		const char **items,
		size_t count,
		const unsigned **ret_weights);

#endif
