/* The command for a load test tool's own file: for plan.jmx it is `jmeter -n -t plan.jmx`. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_STANDS_FOR_H
#define HEADROOM_PROBES_PLAN_COMMAND_STANDS_FOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

/* Does the name end like a file that some tool reads ("plan.jmx", "locustfile.py")? */
bool stands_for_name(const char *path);

/* Recognizes the file by its content, and by its name if its content is ambiguous. *ret_words is
 * empty if it may be one of headroom's plan files (JSON). Returns false with err for any other kind
 * of file: err says what to do with it. */
bool stands_for(struct arena *arena,
		const char *path,
		const char *bytes,
		size_t length,
		struct name_list *ret_words,
		struct error *err);

#endif
