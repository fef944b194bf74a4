/* The member "observed" of a limit: what is seen of it while something runs. */
#ifndef HEADROOM_AUDIT_RULES_OBSERVED_H
#define HEADROOM_AUDIT_RULES_OBSERVED_H

#include "audit/rules/take.h"
#include "model/rule.h"

/* A formula, or an object of several: {"used": …, "capacity": …, "refused": …}. */
bool take_observed(struct reader *reader, const cJSON *value, struct limit_rule *limit);

/* Are the names in its formulas observations, or names of the rule? `object` is the rule. */
bool observed_check_names(struct reader *reader,
		const cJSON *object,
		const struct limit_rule *limit);

/* The error about a name that no observation has. Always false. */
bool observed_unknown(struct reader *reader, const cJSON *value, const char *name);

#endif
