/* headroom workload -- COMMAND: the plan that the command's own words make, as JSON and nothing
 * else. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/output/output.h"
#include "audit/run/pipeline.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

static bool workload_check_arguments(const struct options *options, struct error *err)
{
	if (options->arguments.count)
		return error_set(err,
				"workload derives the plan from a command: headroom workload -- %.60s …",
				options->arguments.items[0]);
	return options->child.count ||
			error_set(err,
					"workload needs the load test's command after \"--\": headroom workload -- wrk "
					"-c 400 -t 12 "
					"http://10.0.0.5/");
}

/* A plan that cannot be judged is an error here, not later. */
static bool can_be_completed(struct arena *arena,
		const struct workload *workload,
		struct error *err)
{
	struct workload copy = *workload;
	struct assumption *assumptions;
	size_t count;
	return workload_complete(arena, &copy, &assumptions, &count, err);
}

bool command_workload(const struct run *run, int *ret_exit, struct error *err)
{
	struct plan plan;
	const struct workload *alone;
	struct host_info host;
	(void)ret_exit;
	if (!workload_check_arguments(run->options, err))
		return false;
	const struct facts *facts = pipeline_facts(run, DETAIL_AUDIT, &host, err);
	if (!facts || !plan_derive(run, facts, NULL, &plan, &alone, err) ||
			!can_be_completed(run->arena, &plan.workload, err))
		return false;
	cJSON *json = workload_to_json(&plan.workload);
	struct text printed = {0};
	json_print_lines(json, &printed);
	text_add(&printed, "\n");
	cJSON_Delete(json);
	return output_text(&printed, err);
}
