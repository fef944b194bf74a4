/* The built-in rules, read at build time: rules/tables.c writes them as C, so that no run must
 * parse JSON and formulas. They say the same as the files in rules/. */
#ifndef HEADROOM_AUDIT_RULES_BUILT_IN_H
#define HEADROOM_AUDIT_RULES_BUILT_IN_H

#include "audit/rules/extras.h"
#include "model/tool/built_in.h"

/* built_in_rules has neither version nor digest. */
extern const struct rule_extras built_in_extras; /* has items and presets, but no examples */

#endif
