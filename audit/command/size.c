/* headroom size: what to set on this host, and how many of it to order. */
#include "audit/size/size.h"
#include "audit/cli/foreign.h"
#include "audit/cli/options.h"
#include "audit/fix/emit_files.h"
#include "audit/fix/values.h"
#include "audit/output/redact.h"
#include "audit/output/view.h"
#include "audit/run/pipeline.h"
#include "base/os/json.h"
#include "report/document/verdict.h"

/* --emit: the values, and the cheapest VM type of the catalogue with its number. */
static bool size_emit(const struct run *run,
		const cJSON *whole,
		const struct machine_sizing *sizing,
		const struct own_limit *own,
		struct error *err)
{
	struct fix_values values;
	const char *date;
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = redact_shown(run, whole, &copy);
	const char *unit = run->options->unit;
	if (!emit_files_date(run->arena, document, &date, err))
		return false;
	if (!fix_values_from(run->arena, document, unit, date, &values, err))
		return false;
	const struct machine_choice choice = machine_choose(sizing, NULL);
	if (choice.split) {
		values.machine = choice.split->type->name;
		values.machines = choice.split->hosts;
		values.at_least = own->because;
	}
	return emit_files_write(run, &values, err);
}

static bool size_check(const struct options *options, struct error *err)
{
	const struct name_list *words = &options->arguments;
	if (options->emits.count && !emit_files_check(options, err))
		return false;
	if (words->count > 1)
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads: write + between them",
				words->items[0],
				words->items[1]);
	return true;
}

/* The plan that the command line gives, calibrated for where that was asked. */
static bool size_read_plan(struct pipeline *pipeline, struct loads *plan, struct error *err)
{
	const struct options *options = pipeline->run->options;
	const char *name = NULL;
	bool given;
	if (options->arguments.count)
		name = options->arguments.items[0];
	if (!pipeline_plan(pipeline, name, plan, &given, err))
		return false;
	if (!given)
		return error_set(err,
				"size needs a workload: a ready one, a file, a command, or its numbers, as in "
				"headroom size ws-client --connections 200k");
	return pipeline_calibrate(pipeline, plan, err);
}

/* The load whose tool runs on each host: the command's, or the only one. NULL: of several loads no
 * tool is known. */
static const struct workload *runners_load(const struct pipeline *pipeline,
		const struct result *result)
{
	if (result->loads.count > 1 && !pipeline->plan)
		return NULL;
	return result_load(result);
}

bool command_size(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	struct loads plan;
	struct outputs outputs;
	struct result result;
	const struct name_list *names = &options->outputs;
	bool emits = options->emits.count > 0;
	if (!size_check(options, err))
		return false;
	if (!emits && !outputs_parse(run->arena, names, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	if (!pipeline_open(run, &pipeline, err))
		return false;
	if (!size_read_plan(&pipeline, &plan, err))
		return false;
	if (!pipeline_judge(&pipeline, &plan, &result, err))
		return false;
	if (!options->quiet)
		foreign_say_left(run->arena, run->foreign);
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = pipeline_document(&pipeline, &result, err);
	if (!document)
		return false;
	__attribute__((cleanup(json_close_tree))) cJSON *size = size_document(document);
	struct machine_sizing sizing;
	const struct own_limit own = own_limit_of(&pipeline, &result);
	enum verdict after = document_verdict_after_fixes(document);
	if (!machine_judge(&pipeline, &plan, options->size.catalogue, &sizing, err))
		return false;
	if (emits) {
		*ret_exit = verdict_exit(after);
		return size_emit(run, document, &sizing, &own, err);
	}
	size_own_limit(run->arena, size, &own);
	size_machines(run->arena, size, &sizing);
	size_runners(run->arena,
			size,
			pipeline.plan,
			&pipeline.run->options->child,
			runners_load(&pipeline, &result),
			result.hosts_after);
	bool written = output_view_files(run, &outputs, size, size_text);
	if (!outputs.to_stdout) {
		if (!output_view_show(run, size, size_text, err))
			return false;
	}
	*ret_exit = verdict_exit(after);
	if (!written || pipeline.calibration_set.broken)
		*ret_exit = EXIT_BROKEN;
	return true;
}
