/* What the tests of the host probes share: the head files cmocka wants, and a probed host. */
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

#include "probes/host/host.h"

/* Probes `path` and fails the test with the message if that fails. */
static inline void probe_path(struct arena *arena,
		const char *path,
		struct facts *facts,
		struct host_info *info)
{
	const struct host_options options = {.facts_path = path};
	struct error err = {0};
	if (!host_probe(arena, &options, facts, info, &err))
		fail_msg("%s: %s", path ? path : "live", err.text);
}

/* cmocka's own float comparison casts to float. */
static inline void assert_close(double a, double b)
{
	if (isinf(a) || isinf(b) ? !(isinf(a) && isinf(b)) : !(fabs(a - b) <= 1e-9 * fmax(1, fabs(b))))
		fail_msg("%.17g is not %.17g", a, b);
}

#endif
