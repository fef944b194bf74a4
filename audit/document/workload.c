/* One line about the completed plan, for people. The plan itself is written by probes/plan. */

#include <math.h>

#include "audit/document/document.h"
#include "base/text.h"
#include "report/document/load.h"

/* NAN where the plan does not give the field, or gives 0. */
static double workload_known(const struct workload_value *value)
{
	if (!value->set || !(value->number > 0))
		return (double)NAN;
	return value->number;
}

static void workload_add_load(struct arena *arena,
		const struct workload_value *values,
		struct text *title)
{
	double rate = workload_known(&values[W_OPEN_RATE]);
	double ramp_rate = workload_known(&values[W_RAMP_RATE]);
	const struct load_point load = {
			.connections = workload_known(&values[W_CONNECTIONS]),
			.open_rate_per_s = rate,
	};
	const struct load_point ramp = {
			.connections = (double)NAN,
			.open_rate_per_s = ramp_rate,
	};
	if (load_says(&load) != LOAD_SAYS_NOTHING)
		text_addf(title, " · %s", load_text(arena, &load, " · "));
	if (isnan(rate) && !isnan(ramp_rate))
		text_addf(title, " · ramp %s", load_text(arena, &ramp, ""));
}

const char *document_workload_title(struct arena *arena, const struct workload *workload)
{
	struct text title = {0};
	const struct workload_value *values = workload->values;
	const char *role = values[W_ROLE].text;
	if (!role)
		role = "plan";
	text_add(&title, role);
	if (values[W_NAME].text)
		text_addf(&title, " %s", values[W_NAME].text);
	workload_add_load(arena, values, &title);
	if (workload->stage_count)
		text_addf(&title, " · %zu stages", workload->stage_count);
	return text_take(arena, &title);
}
