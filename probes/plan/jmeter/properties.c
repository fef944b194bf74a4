/* References in a JMeter test plan, resolved as far as the command line and property files decide
 * them. */
#include "probes/plan/jmeter/properties.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	NESTING_MAX = 8,
	EXPANDED_MAX = 4096,
	REFERENCES_MAX = 1000,
	PARAMETERS = 4,
	SUM_MAX = 1000000000
};

/* The items by name, those of one name in their order. */
struct jmeter_index {
	const struct jmeter_property **items;
	size_t count;
};

void jmeter_property_set(struct jmeter_properties *properties,
		const char *name,
		const char *value,
		const char *from)
{
	properties->items = arena_grow(properties->arena,
			properties->items,
			properties->count,
			&properties->capacity,
			sizeof *properties->items);
	if (!properties->index)
		properties->index = arena_alloc(properties->arena, sizeof *properties->index);
	properties->index->count = 0; /* it is made anew */
	properties->items[properties->count++] = (struct jmeter_property){name, value, from};
}

static int by_name(const void *a, const void *b)
{
	const struct jmeter_property *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);
	if (order != 0)
		return order;
	return (*left > *right) - (*left < *right);
}

static void make_index(const struct jmeter_properties *properties)
{
	struct jmeter_index *index = properties->index;
	size_t size = properties->count * sizeof(void *);
	index->items = arena_alloc(properties->arena, size);
	index->count = properties->count;
	for (size_t i = 0; i < index->count; i++)
		index->items[i] = &properties->items[i];
	qsort(index->items, index->count, sizeof(void *), by_name);
}

const struct jmeter_property *jmeter_property_find(const struct jmeter_properties *properties,
		const char *name)
{
	const struct jmeter_index *index = properties->index;
	if (!index)
		return NULL;
	if (index->count != properties->count)
		make_index(properties);
	size_t low = 0;
	size_t high = index->count;
	while (low < high) { /* the first whose name comes after this one */
		size_t middle = low + (high - low) / 2;
		if (strcmp(index->items[middle]->name, name) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	if (!low || strcmp(index->items[low - 1]->name, name) != 0)
		return NULL;
	return index->items[low - 1];
}

struct resolver {
	const struct jmeter_properties *properties, *variables;
	const char **from;
	unsigned depth, references; /* bounded: values may refer to values */
};

static const char *jmeter_properties_resolve(struct resolver *r, const char *text);

/* The end of "${…}" that begins at `text`; NULL if it does not end. */
static const char *closing(const char *text)
{
	size_t depth = 0;
	for (; *text; text++) {
		if (text[0] == '$' && text[1] == '{') {
			depth++;
			text++;
		} else if (*text == '}' && --depth == 0) {
			return text;
		}
	}
	return NULL;
}

const char *jmeter_trim(struct arena *arena, const char *text)
{
	static const char blanks[] = " \t\r\n";
	text += strspn(text, blanks);
	size_t length = strlen(text);
	while (length && strchr(blanks, text[length - 1]))
		length--;
	return arena_copy(arena, text, length);
}

/* The parameters of "name(a,b,c)", blanks around them dropped; "" where there are fewer. A
 * backslash keeps a comma. */
static void parameters(struct arena *arena, const char *inside, const char *ret[PARAMETERS])
{
	const char *at = strchr(inside, '(');
	struct text value = {0};
	size_t count = 0;
	size_t depth = 0;
	for (size_t i = 0; i < PARAMETERS; i++)
		ret[i] = "";
	if (!at)
		return;
	for (at++; *at && count < PARAMETERS; at++) {
		bool escape = *at == '\\' && at[1];
		bool ends = !escape && !depth && (*at == ',' || *at == ')');
		depth += *at == '{';
		depth -= *at == '}' && depth;
		at += escape;
		if (!ends) {
			text_add_bytes(&value, at, 1);
			continue;
		}
		ret[count++] = jmeter_trim(arena, text_string(&value));
		text_clear(&value);
		if (*at == ')')
			break;
	}
	text_release(&value);
}

static const char *property_of(struct resolver *r,
		const char *inside,
		size_t default_index,
		const char *otherwise)
{
	struct arena *arena = r->properties->arena;
	const char *words[PARAMETERS];
	parameters(arena, inside, words);
	const char *name = words[0];
	const char *fallback = words[default_index];
	const struct jmeter_property *found = jmeter_property_find(r->properties, name);
	if (found && r->from)
		*r->from = found->from;
	else if (r->from)
		*r->from = arena_printf(arena, "the default of %s", name);
	if (found)
		return jmeter_properties_resolve(r, found->value);
	if (*fallback)
		return jmeter_properties_resolve(r, fallback);
	return otherwise;
}

/* ${__env(NAME,variable,default)} of the plug-in "functions". */
static const char *resolve_env(struct resolver *r, const char *inside)
{
	const struct jmeter_properties *properties = r->properties;
	const char *words[PARAMETERS];
	const char *value = NULL;
	parameters(properties->arena, inside, words);
	if (properties->environment)
		value = properties->environment(properties->who, words[0]);
	if (r->from)
		*r->from = arena_printf(properties->arena, "$%s", words[0]);
	if (value)
		return value;
	if (*words[2])
		return jmeter_properties_resolve(r, words[2]);
	return NULL;
}

/* ${__intSum(a,b,…)}: numbers alone; the last word may be the name of a variable. */
static const char *sum_of(struct resolver *r, const char *inside)
{
	struct arena *arena = r->properties->arena;
	const char *words[PARAMETERS];
	long sum = 0;
	parameters(arena, inside, words);
	for (size_t i = 0; i < PARAMETERS && *words[i]; i++) {
		char *end;
		const char *word = jmeter_properties_resolve(r, words[i]);
		if (!word)
			return NULL;
		long number = strtol(word, &end, 10);
		if (*end && i < 2)
			return NULL;
		if (!*end && labs(number) < SUM_MAX)
			sum += number;
	}
	return arena_printf(arena, "%ld", sum);
}

/* What stands between "${" and "}". */
static const char *reference(struct resolver *r, const char *inside)
{
	if (text_begins_with(inside, "__P("))
		return property_of(r, inside, 1, "1"); /* __P's own default is 1 */
	if (text_begins_with(inside, "__property("))
		return property_of(r, inside, 2, NULL);
	if (text_begins_with(inside, "__env("))
		return resolve_env(r, inside);
	if (text_begins_with(inside, "__intSum(") || text_begins_with(inside, "__longSum("))
		return sum_of(r, inside);
	if (text_begins_with(inside, "__"))
		return NULL;
	const struct jmeter_property *variable = jmeter_property_find(r->variables, inside);
	if (!variable)
		return NULL;
	return jmeter_properties_resolve(r, variable->value);
}

/* The value of the reference at `dollar`, which ends before `end`. */
static const char *resolve_reference(struct resolver *r, const char *dollar, const char *end)
{
	const char *inside = dollar + 2;
	if (++r->references > REFERENCES_MAX)
		return NULL;
	return reference(r, arena_copy(r->properties->arena, inside, (size_t)(end - inside)));
}

static const char *jmeter_properties_resolve(struct resolver *r, const char *text)
{
	struct arena *arena = r->properties->arena;
	struct text out = {0};
	const char *result = NULL;
	bool good = ++r->depth <= NESTING_MAX;
	while (good && *text) {
		const char *dollar = strstr(text, "${");
		const char *end = NULL;
		if (dollar)
			end = closing(dollar);
		if (!end) {
			text_add(&out, text);
			break;
		}
		text_add_bytes(&out, text, (size_t)(dollar - text));
		const char *value = resolve_reference(r, dollar, end);
		good = value && out.length + strlen(value) <= EXPANDED_MAX;
		if (good)
			text_add(&out, value);
		text = end + 1;
	}
	if (good)
		result = arena_copy(arena, text_string(&out), out.length);
	r->depth--;
	text_release(&out);
	return result;
}

const char *jmeter_resolve(const struct jmeter_properties *properties,
		const struct jmeter_properties *variables,
		const char *text,
		const char **ret_from)
{
	struct resolver resolver = {.properties = properties, .variables = variables, .from = ret_from};
	return jmeter_properties_resolve(&resolver, text);
}
