/* Turns the ladder of an audit document into the values that emitters write and --apply sets. */
#ifndef HEADROOM_AUDIT_FIX_VALUES_H
#define HEADROOM_AUDIT_FIX_VALUES_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/emit/fix_values.h"

/* Takes the values that the ladder's fixes set on a host. `unit` (may be NULL) is checked, and gets
 * ".service" if it names no kind of unit. `date` is shown unchanged. The document may come from
 * anywhere: a key or value that is not well-formed is left out and named in `elsewhere`. Returns
 * false with err only for a bad unit name. */
bool fix_values_from(struct arena *arena,
		const cJSON *audit,
		const char *unit,
		const char *date,
		struct fix_values *ret_values,
		struct error *err);

#endif
