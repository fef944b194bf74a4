#include "audit/gate/tool_watch.h"

#include <math.h>

#include "audit/gate/output.h"
#include "audit/run/plan.h"
#include "base/array.h"
#include "base/text.h"
#include "probes/result/file.h"

struct tool_watch {
	struct result_sources sources;
	struct result_mark marks[RESULT_SOURCES_MAX];
	struct output output;
	struct tool_result result;
	struct result_verdict verdict;
	const char *text; /* a sentence; NULL: there is nothing to say */
};

/* --- before
 * ------------------------------------------------------------------------------------------- */

void tool_watch_begin(struct gate *gate)
{
	const struct pipeline *pipeline = gate->pipeline;
	const struct run *run = pipeline->run;
	struct tool_watch *watch = arena_alloc(run->arena, sizeof *watch);
	struct result_sources *sources = &watch->sources;
	gate->tool = watch;
	watch->output = (struct output){.command_fd = -1, .done_fd = -1};
	plan_results(run, &pipeline->rules, gate->result->facts, sources);
	for (size_t i = 0; i < sources->count; i++)
		result_mark_file(sources->items[i].path, &watch->marks[i]);
	/* What a file will say needs no look at standard output. */
	if (sources->tool && sources->count == 0 && !sources->redirected)
		output_begin(&watch->output, run->inherited.closed >> 1 & 1);
}

int tool_watch_output(const struct gate *gate)
{
	if (!gate->tool)
		return -1;
	return gate->tool->output.command_fd;
}

void tool_watch_started(struct gate *gate)
{
	if (gate->tool)
		output_release(&gate->tool->output);
}

/* --- after
 * ------------------------------------------------------------------------------------------- */

/* One result is in this file, and in those that go with it. */
static bool read_result_files(struct arena *arena, struct tool_watch *watch, size_t first)
{
	const struct result_sources *sources = &watch->sources;
	struct tool_result *result = &watch->result;
	struct result_reader *reader = result_open(arena, sources->results);
	for (size_t i = first; i < sources->count; i++) {
		const struct result_source *source = &sources->items[i];
		if (i > first && !source->joins && !sources->several)
			break;
		if (i > first)
			result_next(reader);
		const char *why = NULL;
		if (result_read_file(reader, source->path, &watch->marks[i], &result->part, &why))
			continue;
		result->why = arena_printf(arena, "%s: %s", source->shown, why);
		return false;
	}
	const char *shown = sources->items[first].shown;
	if (result_end(reader, result)) {
		result->from = shown;
		return true;
	}
	result->why = arena_printf(arena,
			"%s: it contains no result as %s writes it, or was cut off",
			shown,
			sources->tool);
	return false;
}

static void read_output(struct arena *arena, struct tool_watch *watch)
{
	struct tool_result *result = &watch->result;
	struct result_reader *reader = result_open(arena, watch->sources.results);
	const char *why = NULL;
	if (!output_read(&watch->output, reader, &result->part, &why)) {
		result->why = why;
		return;
	}
	if (result_end(reader, result)) {
		result->from = "standard output";
		return;
	}
	result->why = arena_printf(arena,
			"standard output contains no result as %s writes it",
			watch->sources.tool);
}

static void read_result(struct arena *arena, struct tool_watch *watch)
{
	const struct result_sources *sources = &watch->sources;
	watch->result = tool_result_none(sources->tool, NULL);
	if (!sources->tool) {
		watch->result.why = "headroom does not know the result format of this command";
		return;
	}
	for (size_t i = 0; i < sources->count; i++) {
		if (!sources->items[i].joins && read_result_files(arena, watch, i))
			return;
		if (sources->several)
			return; /* all of them, or none */
	}
	if (sources->count == 0)
		read_output(arena, watch);
}

static double asked_value(const struct workload *load, enum workload_field field)
{
	const struct workload_value *value = &load->values[field];
	bool sure = value->confidence == CONFIDENCE_EXACT || value->confidence == CONFIDENCE_BOUND;
	if (!value->set || value->assumed || !sure)
		return (double)NAN;
	return value->number;
}

/* What the command asked of the tool: one rate all the time, or none that can be compared. */
static struct asked asked_of(const struct gate *gate)
{
	const struct workload *load = result_load(gate->result);
	struct asked asked = {
			.rate_per_s = asked_value(load, W_REQUESTS),
			.duration_s = asked_value(load, W_DURATION),
			.connections = asked_value(load, W_CONNECTIONS),
			.run_s = gate->end.run_s,
	};
	if (load->stage_count > 0 || gate->tool->sources.several)
		asked.rate_per_s = (double)NAN;
	return asked;
}

/* Rates of runs one after another do not add up. */
static void forget_rates(struct tool_result *result)
{
	static const enum tool_figure figures[] = {
			RESULT_RATE,
			RESULT_ANSWER_RATE,
			RESULT_ASKED_RATE,
			RESULT_SECONDS,
	};
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		result->figures[figures[i]] = (double)NAN;
}

static const char *fix_of(const struct result_verdict *verdict)
{
	if (verdict->too_many)
		return "See what the tool logged about them; headroom why \"LOG LINE\" finds the cause of "
			   "an error.";
	return "Lower the rate, give the tool more connections or workers, or split the load over "
		   "several hosts.";
}

static void charge_result(struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	const struct result_verdict *verdict = &gate->tool->verdict;
	struct charge *charge = &gate->found[CHARGE_ERRORS];
	charge->check = verdict->check;
	if (!verdict->guilt)
		return;
	charge->sentence = arena_printf(arena, "%s.", verdict->guilt);
	charge->fix = fix_of(verdict);
	charge_add(charge, "requests", verdict->requests, UNIT_COUNT);
	charge_add(charge, "errors", verdict->errors, UNIT_COUNT);
	charge_add(charge, "lost", verdict->lost, UNIT_COUNT);
	charge_add(charge, "dropped", verdict->dropped, UNIT_COUNT);
	charge_add(charge, "rate", verdict->rate, UNIT_PER_S);
	charge_add(charge, "asked_rate", verdict->asked_rate, UNIT_PER_S);
}

static const char *not_read(struct arena *arena, const struct tool_watch *watch)
{
	const struct tool_result *result = &watch->result;
	const char *hint = watch->sources.results->hint;
	const char *how = "where standard output is a file or a pipe";
	if (hint)
		how = arena_printf(arena, "with %s", hint);
	return arena_printf(arena,
			"The result that %s itself reports was not read: %s. headroom reads it %s.",
			result->tool,
			result->why,
			how);
}

void tool_watch_end(struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	struct tool_watch *watch = gate->tool;
	const struct result_limits limits = {
			.errors_ratio = gate->options->gate.max_errors,
			.rate_ratio = gate->options->gate.min_rate,
	};
	if (!watch)
		return;
	read_result(arena, watch);
	if (watch->sources.several)
		forget_rates(&watch->result);
	const struct asked asked = asked_of(gate);
	tool_result_judge(arena, &watch->result, &asked, &limits, &watch->verdict);
	watch->text = watch->verdict.sentence;
	if (!watch->text && watch->result.tool)
		watch->text = not_read(arena, watch);
	charge_result(gate);
	output_close(&watch->output);
}

/* --- the document
 * ------------------------------------------------------------------------------------- */

double tool_watch_rate(const struct gate *gate)
{
	const struct tool_watch *watch = gate->tool;
	double run_s = gate->end.run_s;
	if (!watch)
		return (double)NAN;
	if (watch->verdict.rate > 0 || !(run_s > 0))
		return watch->verdict.rate;
	return watch->verdict.requests / run_s;
}

static void put_figures(cJSON *item, const struct result_verdict *verdict)
{
	const struct {
		const char *name;
		double value;
	} figures[] = {
			{"requests", verdict->requests},
			{"errors", verdict->errors},
			{"errors_ratio", verdict->error_ratio},
			{"connections_lost", verdict->lost},
			{"connections_lost_ratio", verdict->lost_ratio},
			{"dropped", verdict->dropped},
			{"dropped_ratio", verdict->dropped_ratio},
			{"rate_per_s", verdict->rate},
			{"asked_rate_per_s", verdict->asked_rate},
			{"rate_ratio", verdict->rate_ratio},
	};
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		member_number(item, figures[i].name, figures[i].value);
}

void tool_watch_put(const struct members *put, cJSON *member, const struct gate *gate)
{
	const struct tool_watch *watch = gate->tool;
	if (!watch || !gate->watched) {
		member_null(member, "result");
		return;
	}
	const struct tool_result *result = &watch->result;
	cJSON *item = member_object(member, "result");
	member_text(put, item, "tool", result->tool);
	member_text(put, item, "from", result->from);
	member_text(put, item, "not_read", result->from ? NULL : result->why);
	member_text(put, item, "part", result->part);
	member_text(put, item, "cause", result->cause);
	member_bool(item, "unsure", watch->verdict.unsure);
	member_text(put, item, "text", watch->text);
	put_figures(item, &watch->verdict);
}
