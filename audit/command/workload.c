/* headroom workload -- COMMAND, of a file or a ready workload, or of several loads A + B: the plan
 * that these words make, as JSON and nothing else. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/output/output.h"
#include "audit/run/pipeline.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

static bool workload_check_arguments(const struct options *options, struct error *err)
{
	const struct name_list *words = &options->arguments;
	if (words->count > 1) {
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads; write + between them",
				words->items[0],
				words->items[1]);
	}
	if (options->load_count) {
		return true;
	}
	if (words->count || options->child.count) {
		return true;
	}
	return error_set(err,
			"workload needs a command, a plan file or a preset. Example: headroom workload -- wrk "
			"-t12 -c400 http://10.0.0.5/");
}

static bool plan_of_command(const struct run *run, struct loads *ret_plan, struct error *err)
{
	struct rules *rules = arena_alloc(run->arena, sizeof *rules);
	struct rule_extras extras = {0};
	struct plan *plan = arena_alloc(run->arena, sizeof *plan);
	const struct workload *alone;
	struct host_info host;
	bool good = pipeline_rules(run, false, rules, &extras, err);
	if (RUN_FREES) {
		rule_extras_release(&extras);
	}
	if (!good) {
		return false;
	}
	const struct facts *facts = pipeline_facts(run, DETAIL_AUDIT, &host, err);
	if (!facts || !plan_derive(run, rules, facts, NULL, plan, &alone, err)) {
		return false;
	}
	*ret_plan = plan_loads(run->arena, plan);
	return true;
}

/* Ready loads and files, one or several. What an earlier run taught about the command is
 * left out, as it is for a command alone. */
static bool plan_of_loads(const struct run *run, struct loads *ret_plan, struct error *err)
{
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	struct options options = *run->options;
	struct run reading = *run;
	const char *name = NULL;
	bool given;
	options.no_config = true;
	reading.options = &options;
	if (options.arguments.count) {
		name = options.arguments.items[0];
	}
	return pipeline_open(&reading, &pipeline, err) &&
			pipeline_read_plan(&pipeline, name, ret_plan, &given, err);
}

static bool read_plan(const struct run *run, struct loads *ret_plan, struct error *err)
{
	if (run->options->load_count || run->options->arguments.count) {
		return plan_of_loads(run, ret_plan, err);
	}
	return plan_of_command(run, ret_plan, err);
}

/* A plan that cannot be judged is an error here, not later. */
static bool can_be_completed(struct arena *arena, const struct loads *plan, struct error *err)
{
	struct loads copy = loads_copy(arena, plan);
	for (size_t i = 0; i < copy.count; i++) {
		struct assumption *assumptions;
		size_t count;
		if (!loads_complete_one(arena, &copy, i, &assumptions, &count, err)) {
			return false;
		}
	}
	return loads_check_groups(arena, &copy, err);
}

bool command_workload(const struct run *run, int *ret_exit, struct error *err)
{
	struct loads plan;
	(void)ret_exit;
	if (!workload_check_arguments(run->options, err)) {
		return false;
	}
	if (!read_plan(run, &plan, err)) {
		return false;
	}
	if (!can_be_completed(run->arena, &plan, err)) {
		return false;
	}
	cJSON *json = loads_to_json(run->arena, &plan);
	struct text printed = {0};
	json_print_lines(json, &printed);
	text_add(&printed, "\n");
	cJSON_Delete(json);
	return output_text(&printed, err);
}
