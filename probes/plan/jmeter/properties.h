/* JMeter's properties and references to them in a test plan: ${__P(name,default)},
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
	struct jmeter_property *items; /* the last of equal names counts */
	size_t count, capacity;
	struct jmeter_index *index; /* an index of the names, made for the first search */
	/* Returns an environment variable, or NULL if it is not set. The callback may be NULL. */
	const char *(*environment)(void *who, const char *name);
	void *who;
};

void jmeter_property_set(struct jmeter_properties *properties,
		const char *name,
		const char *value,
		const char *from);
const struct jmeter_property *jmeter_property_find(const struct jmeter_properties *properties,
		const char *name);

/* Returns the text with its references replaced, or NULL if one cannot be. *ret_from (may be NULL)
 * becomes the origin of the last property used ("NAME's default" for a default), and stays
 * unchanged if none was used. */
const char *jmeter_resolve(const struct jmeter_properties *properties,
		const struct jmeter_properties *variables,
		const char *text,
		const char **ret_from);

/* Returns the text without surrounding blanks, like Java's trim() before parseInt(). */
const char *jmeter_trim(struct arena *arena, const char *text);

#endif
