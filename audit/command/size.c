/* headroom size: what to set on this host, and how many of it to order. */
#include "audit/size/size.h"
#include "audit/cli/foreign.h"
#include "audit/cli/options.h"
#include "audit/fix/emit_files.h"
#include "audit/fix/values.h"
#include "audit/output/redact.h"
#include "audit/output/view.h"
#include "audit/run/pipeline.h"
#include "audit/size/share.h"
#include "base/os/json.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

/* What to order of the provider that was named, or of a catalogue with one: no type fits
 * everybody. NULL: nobody said where. */
static const struct machine_fit *size_type(const struct options *options,
		const struct machine_sizing *sizing)
{
	bool said = options->size.provider || options->size.catalogue;
	if (!said)
		return NULL;
	/* Of a provider that was named, no other is left. */
	const struct machine_choice choice = machine_choose(sizing, NULL);
	return choice.split;
}

/* The plan on the type to order, so that text, values and files say the same of it. */
static bool size_on_type(struct pipeline *pipeline,
		const struct loads *plan,
		const struct machine_sizing *sizing,
		struct result *ret_result,
		struct error *err)
{
	const struct run *run = pipeline->run;
	const struct options *options = run->options;
	const struct machine_fit *fit = size_type(options, sizing);
	bool other = options->image || options->size.provider;
	if (!fit || !other)
		return true;
	const struct machine_type *type = fit->type;
	pipeline->facts = facts_overlay(run->arena, pipeline->facts);
	machine_facts(type, pipeline->facts);
	pipeline->host.cpus = type->vcpus;
	pipeline->host.memory_bytes = type->memory_bytes;
	return pipeline_judge(pipeline, plan, ret_result, err);
}

struct size_answer {
	const cJSON *whole;
	const cJSON *share; /* of one host; NULL: one host has it all */
	const struct machine_sizing *sizing;
	const struct own_limit *own;
};

/* --emit: the values, and the cheapest VM type of the catalogue with its number. */
static bool size_emit(const struct run *run, const struct size_answer *answer, struct error *err)
{
	struct fix_values values;
	const char *date;
	const cJSON *shown = answer->whole;
	if (answer->share)
		shown = answer->share;
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = redact_shown(run, shown, &copy);
	const char *unit = run->options->unit;
	if (!emit_files_date(run->arena, document, &date, err))
		return false;
	if (!fix_values_from(run->arena, document, unit, date, &values, err))
		return false;
	values.at_least = answer->own->because;
	values.machines = view_number(answer->whole, "hosts_needed.after_fixes");
	const struct machine_fit *type = size_type(run->options, answer->sizing);
	if (answer->share)
		values.plan =
				arena_printf(run->arena, "%s, on each of %.0f hosts", values.plan, values.machines);
	if (type) {
		values.machine = type->type->name;
		values.machines = type->hosts;
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

/* The document that every view shows. */
static cJSON *size_answered(const struct pipeline *pipeline,
		const struct result *result,
		const struct size_answer *answer)
{
	struct arena *arena = pipeline->run->arena;
	const struct name_list *command = &pipeline->run->options->child;
	const struct workload *load = runners_load(pipeline, result);
	cJSON *size = size_document(answer->whole);
	if (answer->share)
		share_into_size(size, answer->share, result->hosts_after);
	size_own_limit(arena, size, answer->own);
	size_machines(arena, size, answer->sizing);
	size_runners(arena, size, pipeline->plan, command, load, result->hosts_after);
	return size;
}

/* What is asked for, and judged: the plan, this host or the machine to order, and its types. */
struct size_question {
	struct pipeline pipeline;
	struct loads plan;
	struct result result;
	struct machine_sizing sizing;
};

static bool size_judge(const struct run *run, struct size_question *ask, struct error *err)
{
	struct pipeline *pipeline = &ask->pipeline;
	struct result *result = &ask->result;
	const char *catalogue = run->options->size.catalogue;
	if (!pipeline_open(run, pipeline, err))
		return false;
	if (!size_read_plan(pipeline, &ask->plan, err))
		return false;
	if (!pipeline_judge(pipeline, &ask->plan, result, err))
		return false;
	if (!machine_judge(pipeline, &ask->plan, catalogue, &ask->sizing, err))
		return false;
	return size_on_type(pipeline, &ask->plan, &ask->sizing, result, err);
}

static void size_close(struct size_question *ask)
{
	pipeline_close(&ask->pipeline);
}

bool command_size(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(size_close))) struct size_question ask = {0};
	struct pipeline *pipeline = &ask.pipeline;
	const struct result *result = &ask.result;
	struct outputs outputs;
	const struct name_list *names = &options->outputs;
	bool emits = options->emits.count > 0;
	if (!size_check(options, err))
		return false;
	if (!emits && !outputs_parse(run->arena, names, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	if (!size_judge(run, &ask, err))
		return false;
	if (!options->quiet)
		foreign_say_left(run->arena, run->foreign);
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = pipeline_document(pipeline, result, err);
	if (!document)
		return false;
	__attribute__((cleanup(json_close_tree))) cJSON *share = NULL;
	if (!share_document(pipeline, &ask.plan, result, &share, err))
		return false;
	const struct own_limit own = own_limit_of(pipeline, result);
	const struct size_answer answer = {
			.whole = document,
			.share = share,
			.sizing = &ask.sizing,
			.own = &own,
	};
	enum verdict after = document_verdict_after_fixes(document);
	*ret_exit = verdict_exit(after);
	if (emits)
		return size_emit(run, &answer, err);
	__attribute__((cleanup(json_close_tree)))
	cJSON *size = size_answered(pipeline, result, &answer);
	bool written = output_view_files(run, &outputs, size, size_text);
	bool shown = outputs.to_stdout;
	if (!shown)
		shown = output_view_show(run, size, size_text, err);
	if (!shown)
		return false;
	if (!written || pipeline->calibration_set.broken)
		*ret_exit = EXIT_BROKEN;
	return true;
}
