#include "audit/rules/example_result.h"

#include <math.h>
#include <string.h>

#include "probes/result/reader.h"

static void put_figure(cJSON *item, const char *name, double figure)
{
	if (isnan(figure))
		return;
	(void)cJSON_AddNumberToObject(item, name, figure);
}

static void put_result(cJSON *document, const struct tool_result *result)
{
	cJSON *item;
	item = cJSON_AddObjectToObject(document, "result");
	for (size_t i = 0; i < RESULT_FIGURES; i++) {
		const char *name = tool_figure_words[i];
		put_figure(item, name, result->figures[i]);
	}
	if (!result->cause)
		return;
	(void)cJSON_AddStringToObject(item, "cause", result->cause);
}

cJSON *example_result(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example)
{
	cJSON *document;
	const char *text = example->written;
	document = cJSON_CreateObject();
	struct tool_result result = tool_result_none(example->id, NULL);
	const struct tool_rule *tool = rules_tool_named(rules, example->id);
	if (!tool)
		return document;
	struct result_reader *reader = result_open(arena, &tool->reading.results);
	result_add(reader, text, strlen(text));
	if (result_end(reader, &result))
		put_result(document, &result);
	return document;
}
