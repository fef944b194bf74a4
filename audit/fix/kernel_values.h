/* Kernel settings among the changes of a fix, in the form of files below /proc/sys. */
#ifndef HEADROOM_AUDIT_FIX_KERNEL_VALUES_H
#define HEADROOM_AUDIT_FIX_KERNEL_VALUES_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "report/emit/fix_values.h"

/* Returns true if the fact with this key is a kernel setting, and not a limit of a process, a value
 * of the plan, or something that headroom computed. */
bool kernel_values_has(const char *key);

/* Returns a member as the text of a setting: a number without separators, or a text with single
 * blanks. NULL if it is missing, unlimited, or not well-formed. Lives in the arena. */
const char *kernel_values_text(struct arena *arena, const cJSON *node, const char *member);

/* Adds one change (a member of fixes[].facts, named by the key) to values->sysctls, replacing what
 * an earlier fix wanted for the same setting. Does nothing if the host already has the value.
 * Returns false if the key or value is not well-formed, or if the file has several numbers and the
 * others are not known. */
bool kernel_values_add(struct arena *arena,
		const cJSON *audit,
		const cJSON *fix,
		const cJSON *change,
		struct fix_values *values);

#endif
