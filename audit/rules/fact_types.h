/* Gives the units of fact keys for checking formulas, from the table of known keys. */
#ifndef HEADROOM_AUDIT_RULES_FACT_TYPES_H
#define HEADROOM_AUDIT_RULES_FACT_TYPES_H

#include <stdbool.h>

#include "base/unit.h"

/* An expr_type_fn that does not use its context. */
bool fact_type(void *context, const char *key, enum unit *ret_unit);

#endif
