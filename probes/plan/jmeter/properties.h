/* JMeter's properties and the references to them in a test plan: ${__P(name,default)},
 * ${__property(name,,default)}, ${__env(NAME,,default)}, ${__intSum(1,2)}, ${variable}. Other
 * functions are not evaluated. */
#ifndef HEADROOM_PROBES_PLAN_JMETER_PROPERTIES_H
#define HEADROOM_PROBES_PLAN_JMETER_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct jmeter_property {
	const char *name, *value, *from;
};

struct jmeter_properties {
	struct arena *arena;
	struct jmeter_property *items; /* the last of a name wins */
	size_t count, capacity;
	struct jmeter_index *index; /* of the names, made when one is looked for */
	/* What a variable of the environment is (NULL: not set); NULL: none is known. */
	const char *(*environment)(void *who, const char *name);
	void *who;
};

void jmeter_property_set(struct jmeter_properties *properties,
		const char *name,
		const char *value,
		const char *from);
const struct jmeter_property *jmeter_property_find(const struct jmeter_properties *properties,
		const char *name);

/* The text with its references replaced; NULL where one cannot be. *ret_from (may be NULL) is set
 * to where the last property that was used comes from, "NAME's default" for a default, and is left
 * alone if none was. */
const char *jmeter_resolve(const struct jmeter_properties *properties,
		const struct jmeter_properties *variables,
		const char *text,
		const char **ret_from);

/* Without the blanks around it, as Java's trim() does before its parseInt(). */
const char *jmeter_trim(struct arena *arena, const char *text);

#endif
