/* Facts given by a person: --set KEY=VALUE and the short form of facts files. Strict. */
#ifndef HEADROOM_PROBES_HOST_FACTS_GIVEN_H
#define HEADROOM_PROBES_HOST_FACTS_GIVEN_H

#include "base/error.h"
#include "model/fact.h"

/* "KEY=VALUE" or "KEY[INSTANCE]=VALUE"; origin given. The file name of a group sets all its keys:
 * net.ipv4.tcp_mem="a b c". err names the key and the text. */
bool given_set(struct facts *facts, const char *assignment, struct error *err);
/* The same with key and value apart; `where` is what the facts will say ("--set", "host.json"). */
bool given_put(struct facts *facts,
		const char *key,
		const char *instance,
		const char *value,
		const char *where,
		struct error *err);

#endif
