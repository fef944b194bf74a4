/* The member "named" of a limit: which of the limits that it joins it is. */
#ifndef HEADROOM_AUDIT_RULES_NAMED_H
#define HEADROOM_AUDIT_RULES_NAMED_H

#include "audit/rules/take.h"
#include "model/rule.h"

/* A list of {when, text}. */
bool take_named(struct reader *reader, const cJSON *value, struct limit_rule *limit);

#endif
