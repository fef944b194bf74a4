#include "audit/size/own_limit.h"

#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"

static bool own_memory_is_known(const struct workload *load)
{
	static const enum workload_field fields[] = {W_MEMORY_PER_CONNECTION, W_MEMORY_PER_USER};
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct workload_value *value = &load->values[fields[i]];
		if (value->set && !value->assumed)
			return true;
	}
	return false;
}

static const struct tool_rule *tool_of_load(const struct pipeline *pipeline,
		const struct workload *load)
{
	const char *id = load->values[W_TOOL].text;
	if (!id)
		id = load->values[W_NAME].text;
	if (!id)
		return NULL;
	return rules_tool_named(&pipeline->rules, id);
}

static const char *doer_of(const struct workload *load, const struct tool_rule *tool)
{
	const char *role = load->values[W_ROLE].text;
	if (tool)
		return tool->title;
	if (role && strcmp(role, "client") != 0)
		return "the server program";
	return "the load tool";
}

struct own_limit own_limit_of(const struct pipeline *pipeline, const struct result *result)
{
	struct arena *arena = pipeline->run->arena;
	struct own_limit own = {.memory_counted = true};
	struct name_list doers = {0}, known = {0};
	for (size_t i = 0; i < result->loads.count; i++) {
		const struct workload *load = &result->loads.items[i];
		const struct tool_rule *tool = tool_of_load(pipeline, load);
		own.memory_counted &= own_memory_is_known(load);
		name_list_add_once(arena, &doers, doer_of(load, tool));
		if (tool && tool->own_limit)
			name_list_add_once(arena, &known, tool->own_limit);
	}
	const char *what = "the processor time";
	if (!own.memory_counted)
		what = "the processor time and memory";
	struct text text = {0};
	text_addf(&text, "%s that ", what);
	for (size_t i = 0; i < doers.count; i++)
		text_addf(&text, "%s%s", i > 0 ? " and " : "", doers.items[i]);
	text_add(&text, doers.count > 1 ? " need for themselves" : " needs for itself");
	text_add(&text, own.memory_counted ? " is not counted." : " are not counted.");
	for (size_t i = 0; i < known.count; i++)
		text_addf(&text, " %s", known.items[i]);
	if (known.count == 0)
		text_add(&text, " Measure one host, and order by that.");
	own.because = text_take(arena, &text);
	return own;
}
