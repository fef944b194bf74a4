/* References in a JMeter test plan, resolved as far as the command line and property files decide
 * them. */
#include "probes/plan/tool/jmeter_properties.h"

#include <string.h>

#include "base/text.h"

enum {
	NESTING_MAX = 8,
	EXPANDED_MAX = 4096,
	REFERENCES_MAX = 1000,
	PARAMETERS = 4
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
	properties->items[properties->count++] = (struct jmeter_property){name, value, from};
}

const struct jmeter_property *jmeter_property_find(const struct jmeter_properties *properties,
		const char *name)
{
	for (size_t i = properties->count; i > 0; i--)
		if (strcmp(properties->items[i - 1].name, name) == 0)
			return &properties->items[i - 1];
	return NULL;
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

/* The parameters of "name(a,b,c)", blanks around them dropped; "" where there are fewer. A
 * backslash keeps a comma. */
static void parameters(struct arena *arena, const char *inside, const char *ret[PARAMETERS])
{
	size_t count = 0, depth = 0;
	struct text value = {0};
	const char *at = strchr(inside, '(');
	for (size_t i = 0; i < PARAMETERS; i++)
		ret[i] = "";
	for (at = at ? at + 1 : ""; *at && count < PARAMETERS; at++) {
		bool escape = *at == '\\' && at[1], ends = !escape && !depth && (*at == ',' || *at == ')');
		depth += *at == '{';
		depth -= *at == '}' && depth;
		at += escape;
		if (!ends) {
			text_add_bytes(&value, at, 1);
			continue;
		}
		const char *start = text_string(&value);
		start += strspn(start, " ");
		size_t length = strlen(start);
		while (length && start[length - 1] == ' ')
			length--;
		ret[count++] = arena_copy(arena, start, length);
		text_clear(&value);
		if (*at == ')')
			break;
	}
	text_release(&value);
}

static const char *jmeter_properties_property(struct resolver *r,
		const char *inside,
		size_t default_index,
		const char *otherwise)
{
	struct arena *arena = r->properties->arena;
	const char *words[PARAMETERS];
	parameters(arena, inside, words);
	const char *name = words[0], *fallback = words[default_index];
	const struct jmeter_property *found = jmeter_property_find(r->properties, name);
	if (found && r->from)
		*r->from = found->from;
	else if (r->from)
		*r->from = arena_printf(arena, "the default of %s", name);
	if (found)
		return jmeter_properties_resolve(r, found->value);
	return *fallback ? jmeter_properties_resolve(r, fallback) : otherwise;
}

/* What stands between "${" and "}". */
static const char *reference(struct resolver *r, const char *inside)
{
	if (text_begins_with(inside, "__P("))
		return jmeter_properties_property(r, inside, 1, "1"); /* __P's own default is 1 */
	if (text_begins_with(inside, "__property("))
		return jmeter_properties_property(r, inside, 2, NULL);
	const struct jmeter_property *variable = text_begins_with(inside, "__")
			? NULL
			: jmeter_property_find(r->variables, inside);
	return variable ? jmeter_properties_resolve(r, variable->value) : NULL;
}

static const char *jmeter_properties_resolve(struct resolver *r, const char *text)
{
	struct arena *arena = r->properties->arena;
	struct text out = {0};
	bool good = ++r->depth <= NESTING_MAX;
	while (good && *text) {
		size_t plain = strlen(text);
		const char *dollar = strstr(text, "${"), *end = dollar ? closing(dollar) : NULL;
		if (end)
			plain = (size_t)(dollar - text);
		text_add_bytes(&out, text, plain);
		if (!end)
			break;
		const char *value = ++r->references > REFERENCES_MAX
				? NULL
				: reference(r, arena_copy(arena, dollar + 2, (size_t)(end - dollar) - 2));
		good = value && out.length + strlen(value) <= EXPANDED_MAX;
		if (good)
			text_add(&out, value);
		text = end + 1;
	}
	const char *result = good ? arena_copy(arena, text_string(&out), out.length) : NULL;
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
