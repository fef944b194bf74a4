/* The member "observed" of a limit: what to observe of it while something runs. */
#ifndef HEADROOM_AUDIT_RULES_OBSERVED_H
#define HEADROOM_AUDIT_RULES_OBSERVED_H

#include "audit/rules/take.h"
#include "model/rule.h"

/* Reads a formula, or an object of several: {"used": …, "capacity": …, "refused": …}. false with
 * err. */
bool take_observed(struct reader *reader, const cJSON *value, struct limit_rule *limit);

/* Returns false with err unless all names in its formulas are observations or names of the rule.
 * `object`: the rule. */
bool observed_check_names(struct reader *reader,
		const cJSON *object,
		const struct limit_rule *limit);

/* Sets the error about a name that no observation has. Always returns false. */
bool observed_unknown(struct reader *reader, const cJSON *value, const char *name);

#endif
