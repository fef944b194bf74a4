/* One line about the completed plan, for people. The plan itself is written by probes/plan. */

#include "audit/document/document.h"
#include "base/text.h"

const char *document_workload_title(struct arena *arena, const struct workload *workload)
{
	char figure[NUMBER_TEXT_MAX];
	struct text title = {0};
	const struct workload_value *values = workload->values;
	text_add(&title, values[W_ROLE].text ? values[W_ROLE].text : "plan");
	if (values[W_NAME].text)
		text_addf(&title, " %s", values[W_NAME].text);
	if (values[W_CONNECTIONS].set && values[W_CONNECTIONS].number > 0)
		text_addf(&title,
				" · %s connections",
				text_number(figure, values[W_CONNECTIONS].number, UNIT_COUNT));
	if (values[W_OPEN_RATE].set && values[W_OPEN_RATE].number > 0)
		text_addf(&title,
				" · %s new/s",
				text_number(figure, values[W_OPEN_RATE].number, UNIT_COUNT));
	else if (values[W_RAMP_RATE].set && values[W_RAMP_RATE].number > 0)
		text_addf(&title,
				" · ramp %s new/s",
				text_number(figure, values[W_RAMP_RATE].number, UNIT_COUNT));
	if (workload->stage_count)
		text_addf(&title, " · %zu stages", workload->stage_count);
	return text_take(arena, &title);
}
