#include "audit/rules/example_result.h"

#include <math.h>
#include <string.h>

#include "probes/result/reader.h"

static void put_result(cJSON *document, const struct tool_result *result)
{
	cJSON *item = cJSON_AddObjectToObject(document, "result");
	for (size_t i = 0; i < RESULT_FIGURES; i++) {
		const char *name = tool_figure_words[i];
		double figure = result->figures[i];
		if (!isnan(figure))
			(void)cJSON_AddNumberToObject(item, name, figure);
	}
	if (result->cause)
		(void)cJSON_AddStringToObject(item, "cause", result->cause);
}

cJSON *example_result(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example)
{
	cJSON *document = cJSON_CreateObject();
	const char *text = example->written;
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
