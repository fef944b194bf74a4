/* Units of fact keys, from the probes' table. Derived names are the model's own matter. */
#include "audit/rules/fact_types.h"

#include "probes/host/facts/keys.h"

bool fact_type(void *context, const char *key, enum unit *ret_unit)
{
	const struct known_key *known = keys_find(key);
	(void)context;
	if (known)
		*ret_unit = known->unit;
	return known;
}
