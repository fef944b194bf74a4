/* headroom calibrate: what this kernel gives when it is pushed, beside what the model says. */
#include <math.h>

#include "audit/calibrate/calibration_set.h"
#include "audit/calibrate/effective.h"
#include "audit/output/view.h"
#include "audit/run/pipeline.h"
#include "base/os/json.h"
#include "model/situation.h"

/* Names of calibrators, and at most one workload: a ready one or a file. */
static bool sort_arguments(const struct run *run,
		const struct pipeline *pipeline,
		struct name_list *ret_names,
		const char **ret_workload,
		struct error *err)
{
	const struct name_list *arguments = &run->options->arguments;
	*ret_workload = NULL;
	for (size_t i = 0; i < arguments->count; i++) {
		const char *word = arguments->items[i];
		bool plan = !calibration_set_knows(word) && pipeline_is_workload(pipeline, word);
		if (!plan)
			name_list_add_once(run->arena, ret_names, word);
		else if (*ret_workload)
			return error_set(err,
					"calibrate takes a single workload, got \"%.60s\" and \"%.60s\"",
					*ret_workload,
					word);
		else
			*ret_workload = word;
	}
	return true;
}

static bool calibrate_prepare(const struct run *run,
		struct pipeline *pipeline,
		struct calibration_set *calibration_set,
		struct result *result,
		struct error *err)
{
	struct loads loads;
	struct name_list names = {0};
	const char *plan;
	bool given;
	if (!pipeline_open(run, pipeline, err))
		return false;
	if (!sort_arguments(run, pipeline, &names, &plan, err))
		return false;
	if (!calibration_set_choose(run->arena, names.items, names.count, calibration_set, err))
		return false;
	if (!plan)
		plan = "default";
	if (!pipeline_plan(pipeline, plan, &loads, &given, err))
		return false;
	if (loads.count > 1)
		return error_set(err,
				"calibrate takes a single load, but %.200s has %zu; name one of them",
				plan,
				loads.count);
	return effective_flags(run->options, calibration_set, &loads.items[0], err) &&
			pipeline_judge(pipeline, &loads, result, err);
}

static int calibrate_exit_of(const struct calibration_set *calibration_set)
{
	for (size_t i = 0; i < calibration_set->count; i++)
		if (isnan(calibration_set->results[i].measured))
			return EXIT_VERDICT_UNKNOWN;
	return EXIT_PASS;
}

bool command_calibrate(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	struct calibration_set calibration_set;
	struct outputs outputs;
	struct result result;
	if (!calibration_set_allowed(options, err))
		return false;
	if (!outputs_parse(run->arena, &options->outputs, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	if (!calibrate_prepare(run, &pipeline, &calibration_set, &result, err))
		return false;
	calibration_set_run(run->arena, options, pipeline.facts, &result, &calibration_set);
	const struct members put = {run->arena, pipeline.facts};
	__attribute__((cleanup(json_close_tree))) cJSON *document = cJSON_CreateObject();
	member_text(&put, document, "schema", "headroom.calibration/1");
	(void)member_item(document, "calibration", document_calibration(&put, &calibration_set));
	bool written = output_view_files(run, &outputs, document, write_calibration);
	if (!outputs.to_stdout && !output_view_show(run, document, write_calibration, err))
		return false;
	*ret_exit = EXIT_BROKEN;
	if (written && !calibration_set.broken)
		*ret_exit = calibrate_exit_of(&calibration_set);
	return true;
}
