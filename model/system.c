/* The condition of a fix is evaluated with nothing known but the system. */
#include "model/system.h"

#include <string.h>

struct known_system {
	const struct facts *facts;
};

static bool system_lookup(void *context, const char *name, struct value *ret_value)
{
	const struct known_system *known = context;
	const char *system = NULL;
	if (!strcmp(name, "os.name"))
		system = facts_text(known->facts, name);
	*ret_value = value_unknown(name);
	if (system)
		*ret_value = value_text(system);
	return true;
}

static bool system_integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	(void)context;
	(void)rate;
	(void)seconds;
	(void)ret_sum;
	(void)ret_steady;
	return false;
}

bool fix_is_of_system(const struct fix_rule *fix, const struct facts *facts)
{
	struct known_system known = {.facts = facts};
	const struct expr_env env = {
			.lookup = system_lookup,
			.integrate = system_integrate,
			.context = &known,
	};
	if (!fix->applies)
		return true;
	struct value applies = expr_eval(fix->applies, &env);
	bool never = applies.kind == VALUE_BOOL && applies.number == 0;
	return !never;
}
