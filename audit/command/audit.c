/* headroom audit: the verdict, or without a workload what this host holds. */
#include "audit/cli/foreign.h"
#include "audit/cli/options.h"
#include "audit/history/keep.h"
#include "audit/history/measured.h"
#include "audit/run/pipeline.h"

static void audit_free_document(cJSON **document)
{
	if (RUN_FREES)
		cJSON_Delete(*document);
}

static bool audit_check_arguments(const struct options *options, struct error *err)
{
	if (options->arguments.count > 1)
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads; write + between them, and numbers as flags "
				"(headroom help workload)",
				options->arguments.items[0],
				options->arguments.items[1]);
	return true;
}

bool command_audit(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	struct loads plan;
	struct outputs outputs;
	bool given;
	const char *name = options->arguments.count ? options->arguments.items[0] : NULL;
	if (!audit_check_arguments(options, err) ||
			!outputs_parse(run->arena, &options->outputs, FORMATS_ALL, &outputs, err) ||
			!outputs_template(run->arena, &outputs, options->template_dir, err) ||
			!pipeline_open(run, &pipeline, err) ||
			!pipeline_plan(&pipeline, name, &plan, &given, err))
		return false;
	pipeline.model.decides = true;
	if (!pipeline_calibrate(&pipeline, given ? &plan : NULL, err))
		return false;
	struct result *result = given ? arena_alloc(run->arena, sizeof *result) : NULL;
	if (result && !pipeline_judge(&pipeline, &plan, result, err))
		return false;
	if (!options->quiet)
		foreign_say_left(run->arena, run->foreign);
	__attribute__((cleanup(audit_free_document)))
	cJSON *document = pipeline_document(&pipeline, result, err);
	if (document)
		measured_put(run, pipeline.taught, document);
	if (!document ||
			!keep_publish(run,
					document,
					&outputs,
					given ? NULL : pipeline_presets(&pipeline),
					ret_exit,
					err))
		return false;
	if (pipeline.calibration_set.broken)
		*ret_exit = EXIT_BROKEN;
	return true;
}
