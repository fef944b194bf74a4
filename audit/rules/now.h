/* The member "now" of a limit: how much of it is in use, according to the host's facts. */
#ifndef HEADROOM_AUDIT_RULES_NOW_H
#define HEADROOM_AUDIT_RULES_NOW_H

#include "audit/rules/take.h"
#include "model/rule.h"

/* Reads an object, a list of objects, or a text that says why no host shows it. false with err. */
bool take_now(struct reader *reader, const cJSON *value, struct limit_rule *limit);

#endif
