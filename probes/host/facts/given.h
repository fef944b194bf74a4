/* Facts given by a person: --set KEY=VALUE and the short form of facts files. Anything that is not
 * understood is an error. */
#ifndef HEADROOM_PROBES_HOST_FACTS_GIVEN_H
#define HEADROOM_PROBES_HOST_FACTS_GIVEN_H

#include "base/error.h"
#include "model/fact.h"

/* Was it given by --set, here or before it came into a facts file? */
bool given_is_set(const struct fact *fact);

/* "KEY=VALUE" or "KEY[INSTANCE]=VALUE"; the fact's origin is "given". The name of a file with
 * several keys sets them all: net.ipv4.tcp_mem="a b c". err names the key and the text. */
bool given_set(struct facts *facts, const char *assignment, struct error *err);
/* given_set for each assignment. Each fact that it gives knows what was there before. */
bool given_set_all(struct facts *facts,
		const char *const *assignments,
		size_t count,
		struct error *err);
/* The same with key and value apart; `where` is what the facts will say ("--set", "host.json"). */
bool given_put(struct facts *facts,
		const char *key,
		const char *instance,
		const char *value,
		const char *where,
		struct error *err);

#endif
