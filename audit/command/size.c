/* headroom size: what to set on a machine, and how many of it to order. */
#include "audit/size/size.h"

#include <stdio.h>
#include <string.h>

#include "audit/cli/foreign.h"
#include "audit/cli/options.h"
#include "audit/cli/screen.h"
#include "audit/command/answers.h"
#include "audit/fix/emit_files.h"
#include "audit/fix/values.h"
#include "audit/output/redact.h"
#include "audit/run/pipeline.h"
#include "audit/size/own_limit.h"
#include "audit/size/share.h"
#include "base/os/json.h"
#include "probes/plan/command/mask.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

struct size_answer {
	const cJSON *whole;
	const cJSON *share; /* of one host; NULL: one host has it all */
	const struct machine_sizing *sizing;
	const struct size_order *order;
	const struct own_limit *own;
	struct name_list command; /* the load test's, secrets masked */
};

/* The last line, beside files that may be on standard output themselves. */
static void size_say(const struct run *run, const cJSON *size)
{
	struct text line = {0};
	const struct write_options look = screen_options(run->arena, run->options);
	write_size_line(size, &look, &line);
	if (!run->options->quiet)
		(void)fputs(text_string(&line), stderr);
	text_release(&line);
}

/* "client ws-client · 50,000 connections · 500 new/s, on each of 2 hosts" says whose part it is. */
static const char *size_part_title(struct arena *arena, const struct size_answer *answer)
{
	const char *whole = view_text(arena, answer->whole, "workload_title", 200);
	return arena_printf(arena, "the part of one of %.0f hosts of: %s", answer->order->hosts, whole);
}

static void size_values_of_type(const struct size_order *order, struct fix_values *values)
{
	if (!order->type)
		return;
	const struct machine_type *type = order->type->type;
	values->machine = type->name;
	values->vcpus = type->vcpus;
	values->machine_bytes = type->memory_bytes;
	values->fargate = strcmp(type->provider, "aws-fargate") == 0;
}

/* --emit: the values, and the type and number of the machines to order. */
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
	const struct size_order *order = answer->order;
	values.at_least = answer->own->because;
	values.machines = order->hosts;
	size_values_of_type(order, &values);
	const cJSON *memory = view_resource(document, "host-memory");
	values.memory_bytes = view_number(memory, "demand");
	values.memory_counted = answer->own->memory_counted;
	values.command = answer->command;
	if (answer->share)
		values.plan = size_part_title(run->arena, answer);
	return emit_files_write(run, &values, err);
}

static bool size_check(const struct options *options, struct error *err)
{
	const struct name_list *words = &options->arguments;
	if (options->emits.count && !emit_files_check(options, err))
		return false;
	if (words->count > 1)
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads; write + between them",
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
				"size needs a plan. Example: "
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
	const struct name_list *command = &answer->command;
	const struct workload *load = runners_load(pipeline, result);
	cJSON *size = size_document(answer->whole);
	if (answer->share)
		share_into_size(size, answer->share, answer->order->hosts);
	own_limit_into_size(arena, size, answer->own);
	order_into_size(arena, size, answer->order);
	size_machines(arena, size, answer->sizing);
	/* Groups are parts of their own size, which equal commands would not make. */
	if (result->group_count > 0)
		load = NULL;
	size_runners(arena, size, pipeline->plan, command, load, answer->order->hosts);
	return size;
}

/* What is asked for, and judged: the plan, this host or the machine to order, and its types. */
struct size_question {
	struct pipeline pipeline;
	struct loads plan;
	struct result result;
	struct machine_sizing sizing;
	struct size_order order;
	struct own_limit own;
};

enum {
	SETTLE_ROUNDS = 8
};

/* What the tool needs for itself takes as many hosts as a limit would. Groups are counted by their
 * limits alone. */
static void size_raise(struct result *result, double hosts)
{
	if (!(hosts > 1) || result->group_count > 0)
		return;
	if (hosts > result->hosts_now)
		result->hosts_now = hosts;
	if (hosts > result->hosts_after)
		result->hosts_after = hosts;
}

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
	return true;
}

/* The order, and the document of one machine's part. Where a part does not fit for its rounding,
 * another type may be the cheaper one. */
static bool size_settle(struct size_question *ask, cJSON **ret_share, struct error *err)
{
	const struct options *options = ask->pipeline.run->options;
	struct size_order *order = &ask->order;
	*ret_share = NULL;
	for (int round = 0; round < SETTLE_ROUNDS; round++) {
		cJSON_Delete(*ret_share);
		*ret_share = NULL;
		if (!order_judge(&ask->pipeline, &ask->plan, &ask->sizing, &ask->result, err))
			return false;
		ask->own = own_limit_of(&ask->pipeline, &ask->result);
		size_raise(&ask->result, ask->own.hosts);
		*order = order_of(options, &ask->sizing, &ask->result);
		if (!share_document(&ask->pipeline, &ask->plan, order, ret_share, err))
			return false;
		if (!order->type || !(order->hosts > order->type->hosts))
			return true;
		machine_correct(&ask->sizing, order->type, order->hosts);
	}
	return true;
}

/* The map of the whole plan, for the one host that has it all. The judgement itself stays: it may
 * have been raised since. */
static bool size_map(struct size_question *ask, const cJSON *share, struct error *err)
{
	struct pipeline there = ask->pipeline;
	struct result mapped;
	if (share)
		return true;
	there.model.map = true;
	if (!pipeline_judge(&there, &ask->plan, &mapped, err))
		return false;
	ask->result.map = mapped.map;
	return true;
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
	const struct name_list *child = &options->child;
	bool emits = options->emits.count > 0;
	if (!size_check(options, err))
		return false;
	if (!emits && !output_kind_parse(run, &answer_kind_size, &outputs, err))
		return false;
	if (!size_judge(run, &ask, err))
		return false;
	if (!options->quiet)
		foreign_say_left(run->arena, run->foreign);
	__attribute__((cleanup(json_close_tree))) cJSON *share = NULL;
	if (!size_settle(&ask, &share, err) || !size_map(&ask, share, err))
		return false;
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = pipeline_document(pipeline, result, err);
	if (!document)
		return false;
	const struct name_list command = mask_command(run->arena, child->items, child->count);
	const struct size_answer answer = {
			.whole = document,
			.share = share,
			.sizing = &ask.sizing,
			.order = &ask.order,
			.own = &ask.own,
			.command = command,
	};
	enum verdict after = document_verdict_after_fixes(document);
	*ret_exit = verdict_exit(after);
	__attribute__((cleanup(json_close_tree)))
	cJSON *size = size_answered(pipeline, result, &answer);
	if (emits && !size_emit(run, &answer, err))
		return false;
	if (emits) {
		size_say(run, size);
		return true;
	}
	const struct output_kind *kind = &answer_kind_size;
	bool written;
	if (!output_kind_put(run, kind, size, &outputs, &written, err))
		return false;
	if (!written || pipeline->calibration_set.broken)
		*ret_exit = EXIT_BROKEN;
	return true;
}
