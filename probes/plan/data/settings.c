/* A file with the values of options, under their long names: JSON, TOML or YAML. */
#include <string.h>

#include "base/text.h"
#include "probes/plan/data/values.h"
#include "probes/plan/tool/siege_source.h"

static const char *settings_format(const char *path)
{
	if (text_ends_with(path, ".toml"))
		return "toml";
	if (text_ends_with(path, ".yaml") || text_ends_with(path, ".yml"))
		return "yaml";
	return "json";
}

bool data_open_settings(struct data *data)
{
	struct arena *arena = data->context->arena;
	const struct data_term *term = NULL;
	if (data->reading->source == SOURCE_SIEGERC)
		return siege_open_rc(data);
	if (data->reading->settings)
		term = data_term_of(data, data->reading->settings);
	if (!term || !term->text)
		return true;
	struct document *document = arena_alloc(arena, sizeof *document);
	const char *option = arena_copy(arena, term->shown, strcspn(term->shown, " ="));
	data->settings = document;
	return document_read(data->context,
			data->command,
			term->text,
			settings_format(term->text),
			option,
			document,
			data->err);
}

/* A configuration's line is short, and is quoted; else the place is named. */
static const char *setting_shown(const struct data *data, const struct tree_node *node)
{
	const struct document *settings = data->settings;
	if (data->reading->source != SOURCE_SIEGERC)
		return document_where(settings, node);
	return arena_printf(settings->arena, "%s: %s = %s", settings->path, node->name, node->text);
}

const char *data_setting(const struct data *data, const char *names, const char **ret_shown)
{
	if (!data->settings)
		return NULL;
	for (const char *at = names; *at;) {
		at += strspn(at, " ");
		size_t dashes = strspn(at, "-");
		size_t length = strcspn(at, " ");
		const bool letter = dashes == 1 && length == 2;
		at += dashes;
		length -= dashes;
		const char *name = arena_copy(data->context->arena, at, length);
		const struct tree_node *node = tree_child(data->settings->root, name);
		at += length;
		if (letter || !node || node->kind == TREE_MAPPING || node->kind == TREE_SEQUENCE)
			continue;
		*ret_shown = setting_shown(data, node);
		return node->text;
	}
	return NULL;
}
