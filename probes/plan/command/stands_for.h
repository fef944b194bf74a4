/* Finds the command for a file of a load test tool: `jmeter -n -t plan.jmx` for plan.jmx. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_STANDS_FOR_H
#define HEADROOM_PROBES_PLAN_COMMAND_STANDS_FOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

/* Returns true if the name ends like a file of some tool ("plan.jmx", "locustfile.py"). */
bool stands_for_name(const char *path);

/* Recognizes the file by its content or, if that is ambiguous, by its name. *ret_words is empty if
 * it may be a plan file of headroom (JSON). For any other file returns false with err, which says
 * what to do with it. */
bool stands_for(struct arena *arena,
		const char *path,
		const char *bytes,
		size_t length,
		struct name_list *ret_words,
		struct error *err);

#endif
