/* Documents headroom.facts/2 as headroom writes them, read in one pass and without a tree: for
 * thousands of hosts. Reads a document as facts_from_json() does, or not at all. */
#ifndef HEADROOM_PROBES_HOST_FACTS_QUICK_H
#define HEADROOM_PROBES_HOST_FACTS_QUICK_H

#include "base/arena.h"
#include "model/fact.h"
#include "probes/host/info.h"

/* The table of keys, by hash. Made once. */
struct quick_keys;
struct quick_keys *quick_keys_new(struct arena *arena);

struct quick_input {
	struct arena *arena;
	const struct quick_keys *keys;
	char *bytes;   /* changed: the facts refer to texts in them; followed by a NUL */
	size_t length; /* without that NUL */
};

/* False: it is another document, or not written like this. Then both are as they were, but the
 * bytes are not, and facts_from_json() has the answer. */
bool facts_quick(const struct quick_input *input,
		struct facts *ret_facts,
		struct host_info *ret_info);

#endif
