/* Rows of a tool's rule that hold for every command. */
#include "model/tool/needs.h"

#include <string.h>

#include "base/array.h"
#include "model/tool/names.h"

static const enum workload_field needs[] = {W_FDS_BASE,
		W_MEMORY_BASE,
		W_MEMORY_PER_CONNECTION,
		W_MEMORY_PER_USER};

/* No name has a value here: what depends on a command is unknown. */
static bool know_nothing(void *context, const char *name, struct value *ret_value)
{
	(void)context;
	*ret_value = value_unknown(name);
	return true;
}

static bool is_need(enum workload_field field)
{
	for (size_t i = 0; i < COUNT_OF(needs); i++) {
		if (needs[i] == field)
			return true;
	}
	return false;
}

static void take_row(const struct tool_row *row, struct workload *workload)
{
	const struct expr_env env = {.lookup = know_nothing};
	const enum workload_field field = tool_field(row->field);
	if (!is_need(field) || workload->values[field].set)
		return;
	struct value value = expr_eval(row->value, &env);
	if (row->when || value.kind != VALUE_NUMBER)
		return;
	workload->values[field] = (struct workload_value){.set = true,
			.number = value.number,
			.confidence = row->confidence,
			.from = row->from};
}

void tool_needs_complete(const struct rules *rules, struct workload *workload)
{
	const char *id = workload->values[W_TOOL].text;
	const struct tool_rule *tool = NULL;
	if (id)
		tool = rules_tool_named(rules, id);
	if (!tool)
		return;
	const struct tool_reading *reading = &tool->reading;
	for (size_t i = reading->row_count; i-- > 0;)
		take_row(&reading->rows[i], workload);
}
