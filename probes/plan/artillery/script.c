/* The configuration of an Artillery script: layers of files, variables put in. */
#include <string.h>

#include "base/text.h"
#include "probes/plan/artillery/artillery.h"

enum {
	TEXT_MAX = 4000
};

static const struct quantity_unit units[] = {
		{"milliseconds", 1e-3},
		{"millisecond", 1e-3},
		{"msecs", 1e-3},
		{"msec", 1e-3},
		{"ms", 1e-3},
		{"seconds", 1},
		{"second", 1},
		{"secs", 1},
		{"sec", 1},
		{"s", 1},
		{"minutes", 60},
		{"minute", 60},
		{"mins", 60},
		{"min", 60},
		{"m", 60},
		{"hours", 3600},
		{"hour", 3600},
		{"hrs", 3600},
		{"hr", 3600},
		{"h", 3600},
		{"days", 86400},
		{"day", 86400},
		{"d", 86400},
		{NULL, 0},
};
const struct quantity_syntax artillery_duration = {
		.example = "60, 30s or 5 min",
		.units = units,
		.bare = 1,
		.fraction = true,
		.blank = true,
		.any_case = true,
};

/* The value of what stands between the braces; NULL: not known before the run. */
static const char *artillery_variable(const struct artillery *a, const char *name)
{
	static const char *const prefixes[] = {
			"$processEnvironment.",
			"$env.",
			NULL,
	};
	for (size_t i = 0; prefixes[i]; i++) {
		size_t length = strlen(prefixes[i]);
		if (!strncmp(name, prefixes[i], length))
			return plan_variable(a->context, a->command, name + length, a->plan);
	}
	if (!strcmp(name, "$environment"))
		return a->environment;
	const struct tree_node *own = tree_child(a->set, name);
	const struct document *ignored;
	if (!own)
		own = artillery_lookup(a, "variables", name, &ignored);
	if (!own || own->kind != TREE_SCALAR || strstr(own->text, "{{"))
		return NULL;
	return own->text;
}

const char *artillery_expanded(const struct artillery *a, const char *text)
{
	struct text out = {0};
	for (const char *open; (open = strstr(text, "{{"));) {
		const char *close = strstr(open, "}}");
		const char *name = open + 2 + strspn(open + 2, " ");
		const char *value = NULL;
		if (close && close > name) {
			char *copy = arena_copy(a->arena, name, (size_t)(close - name));
			copy[strcspn(copy, " }")] = '\0';
			value = artillery_variable(a, copy);
		}
		if (!value || out.length > TEXT_MAX) {
			text_release(&out);
			return NULL;
		}
		text_add_bytes(&out, text, (size_t)(open - text));
		text_add(&out, value);
		text = close + 2;
	}
	text_add(&out, text);
	return text_take(a->arena, &out);
}

const struct tree_node *artillery_lookup(const struct artillery *a,
		const char *name,
		const char *inner,
		const struct document **ret_document)
{
	for (size_t i = 0; i < a->layer_count; i++) {
		const struct artillery_layer *layer = &a->layers[i];
		const struct tree_node *found = tree_child(layer->config, name);
		if (inner)
			found = tree_child(found, inner);
		if (!found)
			continue;
		*ret_document = &layer->document;
		return found;
	}
	return NULL;
}

bool artillery_number(const struct artillery *a,
		const struct document *document,
		const struct tree_node *node,
		const char *name,
		const struct quantity_syntax *quantity,
		double *ret)
{
	const struct tree_node *entry = tree_child(node, name);
	struct error inner;
	if (!entry)
		return true;
	const char *text = artillery_expanded(a, entry->text);
	if (!text)
		return document_error(document,
				entry,
				a->err,
				"%s: a variable that is not known before the run; set it (env NAME=VALUE "
				"COMMAND), or give the plan's numbers as flags",
				name);
	if (quantity_read(text, quantity, ret, &inner))
		return true;
	return document_error(document, entry, a->err, "%s: %s", name, inner.text);
}

void artillery_add_host(struct artillery *a,
		const struct document *document,
		const struct tree_node *node,
		const char *url)
{
	struct error ignored;
	const char *text = artillery_expanded(a, url), *target = NULL;
	if (text)
		target = plan_url_target(a->arena, text, &ignored);
	if (target) {
		name_list_add_once(a->arena, &a->hosts, target);
		return;
	}
	plan_find(a->plan,
			"plan-artillery-host",
			"note",
			document_where(document, node),
			"This URL's host is not known before the run and is not counted: name the "
			"hosts with --to.");
}
