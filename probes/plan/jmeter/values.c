/* Properties of an element in a test plan: <stringProp name="…">, <boolProp>, <doubleProp> … */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "probes/plan/jmeter/jmeter.h"

const struct tree_node *jmeter_node(const struct tree_node *node, const char *name)
{
	for (const struct tree_node *child = node->child; child; child = child->next) {
		if (child->kind != TREE_ELEMENT || !document_is(child, "name", name))
			continue;
		const struct tree_node *value = tree_child(child, "value");
		if (value && value->kind == TREE_ELEMENT)
			return value; /* <doubleProp><name>…</name><value>…</value></doubleProp> */
		return child;
	}
	return NULL;
}

const char *jmeter_value(struct jmeter *j, const struct tree_node *value, const char **ret_from)
{
	return jmeter_resolve(&j->properties, &j->variables, value->text, ret_from);
}

const char *jmeter_text(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		const char **ret_from)
{
	const struct tree_node *entry = jmeter_node(node, name);
	if (!entry)
		return NULL;
	return jmeter_value(j, entry, ret_from);
}

bool jmeter_is_true(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		bool otherwise)
{
	const char *text = jmeter_text(j, node, name, NULL);
	if (!text || !*text)
		return otherwise;
	return strcmp(text, "true") == 0;
}

static void ask_for(struct jmeter *j,
		const struct tree_node *entry,
		const char *name,
		enum workload_field field)
{
	plan_ask(j->plan,
			j->context,
			arena_printf(j->arena,
					"%s: %s is decided by %.60s, which is not known before the run",
					document_where(&j->document, entry),
					name,
					entry->text),
			field,
			WORKLOAD_FIELDS);
}

bool jmeter_number(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		enum workload_field field,
		double *ret,
		const char **ret_from)
{
	assert(ret);
	const struct tree_node *entry = jmeter_node(node, name);
	const char *from = NULL, *text = NULL;
	struct error inner;
	if (!entry)
		return true;
	text = jmeter_value(j, entry, &from);
	const char *where = document_where(&j->document, entry);
	if (ret_from && from)
		*ret_from = arena_printf(j->arena, "%s, %s", where, from);
	else if (ret_from)
		*ret_from = where;
	if (!text && field != WORKLOAD_FIELDS) {
		*ret = NAN;
		ask_for(j, entry, name, field);
	}
	if (!text)
		return true;
	text = jmeter_trim(j->arena, text);
	if (!*text || quantity_read(text, &quantity_decimal, ret, &inner))
		return true;
	return document_error(&j->document, entry, j->err, "%s: %s", name, inner.text);
}

double jmeter_guess(struct jmeter *j, const struct tree_node *node, const char *name)
{
	const char *text = jmeter_text(j, node, name, NULL);
	struct error ignored;
	double number;
	if (!text || !quantity_read(jmeter_trim(j->arena, text), &quantity_decimal, &number, &ignored))
		return (double)NAN;
	return number;
}

bool jmeter_ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && strcmp(text + length - tail, end) == 0;
}

bool jmeter_enabled(const struct tree_node *node)
{
	return !document_is(node, "enabled", "false");
}
