/* Makes formulas readable: what their names mean, and words instead of a formula. */
#ifndef HEADROOM_AUDIT_EXPLAIN_LEGEND_H
#define HEADROOM_AUDIT_EXPLAIN_LEGEND_H

#include "audit/explain/explanation.h"

/* Adds a line for each name in the two texts (each may be NULL) whose meaning is known. */
void explain_add_legend(const struct explanation *e,
		const struct limit_rule *rule,
		const char *demand,
		const char *capacity);
/* Fills in this host's values. NULL stays NULL. A part in parentheses is left out if its value is
 * not known. */
const char *explain_legend_words(const struct explanation *e, const char *words);
/* Leaves out terms that add nothing: "base + live + 0" is "base + live". NULL stays NULL. */
const char *explain_without_zeros(struct arena *arena, const char *formula);

#endif
