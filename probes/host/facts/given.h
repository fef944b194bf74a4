/* Facts given by a person: --set KEY=VALUE, and the short form of facts files. Anything not
 * understood is an error. */
#ifndef HEADROOM_PROBES_HOST_FACTS_GIVEN_H
#define HEADROOM_PROBES_HOST_FACTS_GIVEN_H

#include "base/error.h"
#include "model/fact.h"

/* Returns true if the fact was given by --set, in this run or before it was written to a facts
 * file. */
bool given_is_set(const struct fact *fact);

/* Sets a fact from "KEY=VALUE" or "KEY[INSTANCE]=VALUE", with the origin "given". The name of a
 * file with several keys sets them all: net.ipv4.tcp_mem="a b c". false with err, which names the
 * key and the text. */
bool given_set(struct facts *facts, const char *assignment, struct error *err);
/* Calls given_set for each assignment. Each given fact remembers the one that it replaces. */
bool given_set_all(struct facts *facts,
		const char *const *assignments,
		size_t count,
		struct error *err);
/* The same with key and value separate; `where` is the origin to show ("--set", "host.json"). */
bool given_put(struct facts *facts,
		const char *key,
		const char *instance,
		const char *value,
		const char *where,
		struct error *err);

#endif
