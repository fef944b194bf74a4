/* The member "now" of a limit: how much of it is in use, by the facts of the host. */
#ifndef HEADROOM_AUDIT_RULES_NOW_H
#define HEADROOM_AUDIT_RULES_NOW_H

#include "audit/rules/take.h"
#include "model/rule.h"

/* An object, a list of them, or a text: why no host shows it. */
bool take_now(struct reader *reader, const cJSON *value, struct limit_rule *limit);

#endif
