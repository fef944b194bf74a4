/* Names in the formulas of "observed". What no observation is called is an error at once, with the
 * nearest one; facts and the plan's fields, which have a dot, are left to the check of all rules,
 * which knows them. Apart from the reader, which the build tool needs as well. */
#include <string.h>

#include "audit/rules/observed.h"
#include "model/names.h"
#include "model/watch/observation.h"

struct observed_search {
	struct names_scope scope;
	const char *unknown; /* the first name that nothing has */
};

static void observed_visit(void *context, const char *name, bool word)
{
	struct observed_search *search = context;
	enum unit unit;
	if (search->unknown || word || strchr(name, '.'))
		return;
	if (observed_find(name) != OBSERVED)
		return;
	if (!names_type(&search->scope, name, &unit))
		search->unknown = name;
}

static bool observed_no_fact(void *context, const char *key, enum unit *ret_unit)
{
	(void)context;
	(void)key;
	(void)ret_unit;
	return false;
}

static bool check_formula(struct reader *reader,
		const struct limit_rule *limit,
		const cJSON *value,
		const struct expr *formula)
{
	struct observed_search search = {
			.scope.lets = limit->lets,
			.scope.let_count = limit->let_count,
			.scope.fact_type = observed_no_fact,
	};
	if (!formula)
		return true;
	/* Only whether a name exists is asked, so all units may be the same. */
	search.scope.let_units = arena_alloc(reader->arena, limit->let_count * sizeof(enum unit));
	expr_names(formula, observed_visit, &search);
	if (search.unknown)
		return observed_unknown(reader, value, search.unknown);
	return true;
}

bool observed_check_names(struct reader *reader,
		const cJSON *object,
		const struct limit_rule *limit)
{
	const struct rule_observed *observed = &limit->observed;
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "observed");
	if (!cJSON_IsObject(value))
		return check_formula(reader, limit, value, observed->used);
	const cJSON *used = cJSON_GetObjectItemCaseSensitive(value, "used");
	const cJSON *own = cJSON_GetObjectItemCaseSensitive(value, "own");
	const cJSON *capacity = cJSON_GetObjectItemCaseSensitive(value, "capacity");
	return check_formula(reader, limit, used, observed->used) &&
			check_formula(reader, limit, own, observed->own) &&
			check_formula(reader, limit, capacity, observed->capacity);
}
