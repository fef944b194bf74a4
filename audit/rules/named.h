/* The member "named" of a limit: which of the limits that it combines it is called. */
#ifndef HEADROOM_AUDIT_RULES_NAMED_H
#define HEADROOM_AUDIT_RULES_NAMED_H

#include "audit/rules/take.h"
#include "model/rule.h"

/* Reads a list of {when, text}. false with err. */
bool take_named(struct reader *reader, const cJSON *value, struct limit_rule *limit);

#endif
