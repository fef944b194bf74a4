/* One sysctl value as a fact's value: shared by the live files, sysctl.d files, --set and facts
 * files. */
#ifndef HEADROOM_PROBES_HOST_FACTS_SYSCTL_H
#define HEADROOM_PROBES_HOST_FACTS_SYSCTL_H

#include "base/arena.h"
#include "probes/host/facts/keys.h"

struct reading {
	const char *text; /* NULL: a number */
	double number;
};

/* Reads `raw` as the file of `key` holds it. The value's number is in the fact's unit (milliseconds
 * become seconds), its text normalised ("32768 60999"). false: *ret_problem says what was expected.
 */
bool sysctl_parse(struct arena *arena,
		const struct known_key *key,
		const char *raw,
		struct reading *ret_value,
		const char **ret_problem);

/* "32768 60999" or "32768-60999": 0 <= first <= last <= 65535. */
bool sysctl_parse_range(const char *text, unsigned *ret_first, unsigned *ret_last);

#endif
