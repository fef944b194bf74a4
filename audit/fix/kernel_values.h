/* Kernel settings among the changes of a fix, as files below /proc/sys take them. */
#ifndef HEADROOM_AUDIT_FIX_KERNEL_VALUES_H
#define HEADROOM_AUDIT_FIX_KERNEL_VALUES_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "report/emit/fix_values.h"

/* True if a fact with this key is a kernel setting, as opposed to a limit of a process, a value of
 * the plan, or something that headroom computed. */
bool kernel_values_has(const char *key);

/* A member as a setting's text: a number without separators, or the text with single blanks. NULL
 * if it is missing, unlimited, or not well-formed. Lives in the arena. */
const char *kernel_values_text(struct arena *arena, const cJSON *node, const char *member);

/* Adds one change (a member of fixes[].facts, whose name is the key) to values->sysctls; replaces
 * what an earlier fix wanted of the same setting. Does nothing if the host has the value already.
 * Returns false if the key or the value is not well-formed, or if the file has several numbers and
 * the others are not known. */
bool kernel_values_add(struct arena *arena,
		const cJSON *audit,
		const cJSON *fix,
		const cJSON *change,
		struct fix_values *values);

#endif
