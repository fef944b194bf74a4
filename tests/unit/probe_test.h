/* Shared by the tests of the host probes: the headers that cmocka needs, and a probed host. */
#ifndef HEADROOM_TESTS_UNIT_PROBE_TEST_H
#define HEADROOM_TESTS_UNIT_PROBE_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probes/host/facts/keys.h"
#include "probes/host/host.h"

/* Fails if a fact is not in the table of keys with this unit: reading it back would refuse it. */
static inline void assert_facts_fit(const char *host, const struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = facts->items[i];
		const struct known_key *key = keys_find(fact->key);
		if (!key || key->unit != fact->unit)
			fail_msg("%s: %s is not in the table of keys with this unit", host, fact->key);
	}
}

/* Probes the snapshot at `path`, or the live host if it is NULL. If probing fails, the test fails
 * with its message. */
static inline void probe_path(struct arena *arena,
		const char *path,
		struct facts *facts,
		struct host_info *info)
{
	const struct host_options options = {.facts_path = path};
	struct error err = {0};
	const char *host = path ? path : "live";
	if (!host_probe(arena, &options, facts, info, &err))
		fail_msg("%s: %s", host, err.text);
	assert_facts_fit(host, facts);
}

/* Compares doubles; cmocka's comparison would cast them to float. */
static inline void assert_close(double a, double b)
{
	if (isinf(a) || isinf(b) ? !(isinf(a) && isinf(b)) : !(fabs(a - b) <= 1e-9 * fmax(1, fabs(b))))
		fail_msg("%.17g is not %.17g", a, b);
}

#endif
