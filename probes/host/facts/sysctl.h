/* Turns sysctl values into values of facts. They come from live files, sysctl.d files, --set and
 * facts files. */
#ifndef HEADROOM_PROBES_HOST_FACTS_SYSCTL_H
#define HEADROOM_PROBES_HOST_FACTS_SYSCTL_H

#include "base/arena.h"
#include "probes/host/facts/keys.h"

struct reading {
	const char *text; /* NULL: the value is a number */
	double number;
};

/* Parses `raw`, the content of the file of `key`. Numbers are in the fact's unit (milliseconds
 * become seconds), texts in a uniform spelling ("32768 60999"). Returns false with *ret_problem,
 * which says what was expected. */
bool sysctl_parse(struct arena *arena,
		const struct known_key *key,
		const char *raw,
		struct reading *ret_value,
		const char **ret_problem);

/* Parses "32768 60999" or "32768-60999", with 0 <= first <= last <= 65535. false: malformed. */
bool sysctl_parse_range(const char *text, unsigned *ret_first, unsigned *ret_last);

#endif
