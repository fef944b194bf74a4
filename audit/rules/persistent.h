/* Compares what a fix changes with the lines that it shows for people to keep. */
#ifndef HEADROOM_AUDIT_RULES_PERSISTENT_H
#define HEADROOM_AUDIT_RULES_PERSISTENT_H

#include <stdbool.h>

#include "model/rule.h"

enum {
	PERSISTENT_KEY_MAX = 128
};

/* Do the lines of the fix for sysctl.d set only what the fix changes, its target and "also"? Files
 * and --apply take the changes, so that another line would be shown and not be done. false: ret_key
 * is the name of the first other setting, cut if it is long. */
bool persistent_fits(const struct fix_rule *fix, char ret_key[PERSISTENT_KEY_MAX]);

#endif
