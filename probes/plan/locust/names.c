/* Names of a locustfile: what was assigned to them last, seen from a class or a function. */
#include <string.h>

#include "probes/plan/locust/script.h"

enum {
	CLASSES_MAX = 40 /* that an attribute is looked for in */
};

const char *locust_last_part(const char *dotted)
{
	const char *dot = strrchr(dotted, '.');
	if (!dot)
		return dotted;
	return dot + 1;
}

const struct locust_name *locust_lookup(const struct locust_script *script,
		const char *name,
		int class,
		int function)
{
	const struct locust_name *of_class = NULL;
	const struct locust_name *of_module = NULL;
	const struct locust_name *of_function = NULL;
	for (size_t i = 0; i < script->name_count; i++) {
		const struct locust_name *known = &script->names[i];
		if (strcmp(known->name, name) != 0)
			continue;
		if (known->function != LOCUST_NONE) {
			if (known->function == function)
				of_function = known;
			continue;
		}
		if (known->class == LOCUST_NONE)
			of_module = known;
		else if (known->class == class)
			of_class = known;
	}
	if (of_function)
		return of_function;
	if (of_class)
		return of_class;
	return of_module;
}

int locust_class_named(const struct locust_script *script, const char *name)
{
	const char *last = locust_last_part(name);
	for (size_t i = script->class_count; i-- > 0;)
		if (!strcmp(script->classes[i].name, last))
			return (int)i;
	return LOCUST_NONE;
}

static const struct locust_name *own_attribute(const struct locust_script *script,
		int class,
		const char *name)
{
	for (size_t i = script->name_count; i-- > 0;) {
		const struct locust_name *known = &script->names[i];
		if (known->class != class || known->function != LOCUST_NONE)
			continue;
		if (!strcmp(known->name, name))
			return known;
	}
	return NULL;
}

static const struct locust_name *attribute_from(const struct locust_script *script,
		int class,
		const char *name,
		unsigned *classes_left)
{
	if (class == LOCUST_NONE || !*classes_left)
		return NULL;
	--*classes_left;
	const struct locust_name *found = own_attribute(script, class, name);
	const struct name_list *bases = &script->classes[class].bases;
	for (size_t i = 0; i < bases->count && !found; i++) {
		int base = locust_class_named(script, bases->items[i]);
		if (base != class)
			found = attribute_from(script, base, name, classes_left);
	}
	return found;
}

const struct locust_name *locust_attribute(const struct locust_script *script,
		int class,
		const char *name)
{
	unsigned classes_left = CLASSES_MAX;
	return attribute_from(script, class, name, &classes_left);
}
