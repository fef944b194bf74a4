/* Compares what a fix changes with the lines that it tells people to keep. */
#ifndef HEADROOM_AUDIT_RULES_PERSISTENT_H
#define HEADROOM_AUDIT_RULES_PERSISTENT_H

#include <stdbool.h>

#include "model/rule.h"

enum {
	PERSISTENT_KEY_MAX = 128
};

/* Returns true if the fix's lines for sysctl.d set only what the fix changes (its target and
 * "also"). Files and --apply use the changes, so any other line would be shown but not applied.
 * false: ret_key is the name of the first other setting, cut if it is long. */
bool persistent_fits(const struct fix_rule *fix, char ret_key[PERSISTENT_KEY_MAX]);

#endif
