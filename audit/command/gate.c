/* headroom gate: the verdict first, then the command, then whether the generator held the load
 * back. What it says goes to standard error: standard output is the command's. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/foreign.h"
#include "audit/cli/screen.h"
#include "audit/cli/settings.h"
#include "audit/gate/lock_keep.h"
#include "audit/history/earlier_gate.h"
#include "audit/history/keep.h"
#include "audit/history/measured.h"
#include "audit/output/publish.h"
#include "audit/output/redact.h"
#include "base/text.h"
#include "probes/plan/command/mask.h"
#include "report/document/baseline.h"
#include "report/document/notes.h"
#include "report/document/view.h"
#include "report/write/foreign.h"

static void gate_free_document(cJSON **document)
{
	if (RUN_FREES)
		cJSON_Delete(*document);
}

static void gate_close(struct gate *gate)
{
	baseline_close(&gate->baseline);
	sampler_close(gate->sampler);
	if (RUN_FREES)
		cJSON_Delete(gate->programs);
}

static bool gate_check_arguments(const struct options *options, struct error *err)
{
	if (!options->child.count)
		return error_set(err,
				"gate needs the load test's command after \"--\": headroom gate %s-- COMMAND …",
				options->arguments.count ? "[PLAN] " : "");
	if (options->arguments.count > 1)
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads; write + between them, and the command "
				"after --",
				options->arguments.items[0],
				options->arguments.items[1]);
	return true;
}

/* Checked before the command runs: a wrong -o must not be found out after the load test. */
static bool check_outputs(struct arena *arena, const struct outputs *outputs, struct error *err)
{
	for (size_t i = 0; i < outputs->count; i++) {
		struct target target;
		const char *path = outputs->items[i].path;
		if (!path && outputs->items[i].format != FORMAT_GITHUB)
			return error_set(err,
					"-o: standard output belongs to the command; name a file (-o FORMAT:FILE)");
		if (!path || access(path, F_OK) == 0) /* a FIFO must not be opened twice */
			continue;
		if (!output_open(arena, &outputs->items[i], &target, err))
			return false;
		target_discard(&target);
	}
	return true;
}

static bool gate_outputs(struct arena *arena,
		const struct options *options,
		struct outputs *ret_outputs,
		struct error *err)
{
	if (!outputs_parse(arena, &options->outputs, FORMATS_ALL, ret_outputs, err))
		return false;
	ret_outputs->to_errors = true; /* annotations: a runner reads both streams */
	for (size_t i = 0; i < ret_outputs->count; i++)
		ret_outputs->items[i].below = options->outputs_below;
	if (!outputs_template(arena, ret_outputs, options->template_dir, err))
		return false;
	return check_outputs(arena, ret_outputs, err);
}

/* Without the command: by name, flags and what headroom.json describes. */
static bool named_workload(struct gate *gate, const char *name, struct error *err)
{
	const struct run *run = gate->pipeline->run;
	struct options options = *gate->options;
	struct run alone = *run;
	bool given;
	options.child.count = 0;
	if (!name && options.described_name)
		name = options.described_name;
	if (!name && options.is_described) {
		options.workload = options.described;
		workload_merge(&options.workload, &gate->options->workload);
		options.workload_flags++;
	}
	alone.options = &options;
	gate->pipeline->run = &alone;
	bool found = pipeline_plan(gate->pipeline, name, &gate->plan, &given, err);
	gate->pipeline->run = run;
	return found;
}

/* A named workload wins over what the command says; flags and descriptions do where the command is
 * not understood. */
static bool find_workload(struct gate *gate, struct error *err)
{
	const struct options *options = gate->options;
	bool given;
	if (options->arguments.count)
		return named_workload(gate, options->arguments.items[0], err);
	if (pipeline_plan(gate->pipeline, NULL, &gate->plan, &given, err))
		return true;
	const char *source = NULL;
	if (options->workload_flags)
		source = "flags";
	if (options->is_described || options->described_name)
		source = "settings";
	if (!source)
		return false;
	const char *why = mask_message(gate->pipeline->run->arena, err->text);
	int clause = (int)strcspn(why, ".;");
	if (!options->quiet)
		screen_say("judged by the %s only: %.*s", source, clause, why);
	return named_workload(gate, NULL, err);
}

static const char *reason_of(struct arena *arena, const struct gate *gate)
{
	const struct result *result = gate->result;
	const char *limit = result->binding ? limit_phrase(result->binding->rule) : "";
	if (result->verdict == VERDICT_PASS && gate_is_hypothetical(gate)) {
		if (gate->options->force)
			return "forced with --force although values were assumed with --set, not read";
		return "values were assumed with --set, not read";
	}
	if (gate_is_excused(gate))
		return "nothing fails that did not fail before, although the plan does not pass";
	switch (result->verdict) {
	case VERDICT_PASS:
		return "the plan fits";
	case VERDICT_UNKNOWN:
		return gate->options->force ? "forced with --force although the verdict is unknown"
									: "the verdict is unknown";
	case VERDICT_FAIL:
	case VERDICT_NONE:
		break;
	}
	return arena_printf(arena,
			gate->options->force ? "forced with --force although the plan does not fit (%s)"
								 : "the plan does not fit (%s)",
			limit);
}

/* --- what is said
 * ----------------------------------------------------------------------------------- */

static struct write_options look_on_errors(const struct run *run)
{
	struct write_options look = screen_options(run->arena, run->options);
	look.color = screen_wants_color(run->options, STDERR_FILENO);
	return look;
}

/* With --redact what is shown is redacted as well. */
static void on_screen(const struct run *run,
		const cJSON *document,
		void (*show)(const struct run *run, const cJSON *document))
{
	__attribute__((cleanup(gate_free_document))) cJSON *copy = NULL;
	const cJSON *shown = redact_shown(run, document, &copy);
	show(run, shown);
}

static void say_sentence(const struct run *run, const cJSON *document)
{
	const cJSON *gate = view_object(document, "gate");
	const cJSON *charge = cJSON_GetArrayItem(view_array(gate, "charges"), 0);
	const char *differs = document_differs(run->arena, document);
	const char *sentence = view_text(run->arena, gate, "sentence", 0);
	const char *fix = view_text(run->arena, charge, "fix", 0);
	if (*differs)
		screen_say("%s", differs);
	screen_say("%s", sentence);
	if (*fix)
		screen_say("What to do: %s", fix);
}

/* Where it is the reason, the sentence has said it. */
static void say_result(const struct run *run, const cJSON *document)
{
	const char *reason = view_text(run->arena, document, "run.reason", 0);
	const char *text = view_text(run->arena, document, "gate.result.text", 0);
	if (*text && strcmp(reason, "errors") != 0)
		screen_say("%s", text);
}

static void show_audit(const struct run *run, const cJSON *document)
{
	struct text text = {0};
	const struct write_options look = look_on_errors(run);
	if (run->options->quiet)
		write_summary_line(document, run->arena, &text);
	else
		write_terminal(document, &look, &text);
	(void)fputs(text_string(&text), stderr);
	text_release(&text);
}

static void show_summary(const struct run *run, const cJSON *document)
{
	struct text text = {0};
	const struct write_options look = look_on_errors(run);
	if (run->options->quiet)
		return;
	write_now(document, &look, &text);
	write_summary_line(document, run->arena, &text);
	(void)fputs(text_string(&text), stderr);
	text_release(&text);
}

/* Without the page, in which it stands. */
static void say_baseline(const struct run *run, const cJSON *document)
{
	const char *text = baseline_text(run->arena, document);
	if (*text)
		screen_say("%s", text);
}

/* Without the page, in which they stand. */
static void say_foreign(const struct run *run, const cJSON *document)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "foreign"))
		screen_say("judged by %s", foreign_line(run->arena, item));
}

static void say_changes(const struct gate *gate)
{
	char from[NUMBER_TEXT_MAX], to[NUMBER_TEXT_MAX];
	if (gate->waited_s > 0)
		screen_say("waited %s for TIME_WAIT sockets to expire",
				text_number(from, floor(gate->waited_s), UNIT_SECONDS));
	if (!isnan(gate->soft_after))
		screen_say("--fix-soft: raised the open files limit of the command from %s to %s",
				text_number(from, gate->soft_before, UNIT_COUNT),
				text_number(to, gate->soft_after, UNIT_COUNT));
}

/* Of several loads this runs one. */
static void say_context(const struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	const struct loads *plan = &gate->plan;
	struct loads others = *plan;
	others.count--;
	if (gate->pipeline->plan)
		others.count -= gate->pipeline->plan->other_count; /* the command starts these, too */
	if (!others.count || gate->options->quiet)
		return;
	others.name = NULL;
	screen_say("gate starts only %.60s; the verdict also leaves room for %.200s, which you start "
			   "yourself",
			gate->options->child.items[0],
			loads_joined(arena, &others));
}

/* --- the way
 * ----------------------------------------------------------------------------------------- */

/* After a run its result is what every output says first; what the audit said before it stands
 * behind it. */
static void put_run(const struct members *put, cJSON *document, const struct gate *gate)
{
	cJSON *run = gate_result_json(put, &gate->outcome);
	const char *before = NULL;
	if (gate->watched) {
		cJSON *sentence = member_text_value(put, gate->certificate.sentence);
		before = gate->result->headline;
		(void)cJSON_ReplaceItemInObjectCaseSensitive(document, "headline", sentence);
	}
	member_text(put, run, "headline_before", before);
	(void)cJSON_ReplaceItemInObjectCaseSensitive(document, "run", run);
}

static cJSON *document_of(const struct gate *gate, struct error *err)
{
	const struct members put = {gate->pipeline->run->arena, gate->result->facts};
	cJSON *document = pipeline_document(gate->pipeline, gate->result, err);
	if (!document)
		return NULL;
	(void)cJSON_ReplaceItemInObjectCaseSensitive(document, "gate", gate_json(&put, gate));
	if (gate->outcome.verdict)
		put_run(&put, document, gate);
	measured_put(gate->pipeline->run, gate->pipeline->taught, document);
	return document;
}

/* The last line, which says what came of it. */
static void show_result(const struct run *run, const cJSON *document)
{
	struct text text = {0};
	write_summary_line(document, run->arena, &text);
	(void)fputs(text_string(&text), stderr);
	text_release(&text);
}

static bool gate_refuse(struct gate *gate,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err)
{
	const struct run *run = gate->pipeline->run;
	gate->outcome = gate_refused(gate);
	__attribute__((cleanup(gate_free_document))) cJSON *document = document_of(gate, err);
	if (!document)
		return false;
	*ret_exit = gate->outcome.exit;
	if (!keep_outputs(run, document, outputs))
		*ret_exit = EXIT_GATE_BROKEN;
	/* Before the audit, because nothing may follow its last line. */
	if (!run->options->quiet)
		screen_say("%.60s was not started (override with --force)", gate->options->child.items[0]);
	on_screen(run, document, show_audit);
	return true;
}

/* As a shell has it: 126 or 127. */
static void say_not_run(const struct run *run,
		const struct outputs *outputs,
		int status,
		const struct error *err)
{
	publish_not_run(run, outputs, err->text);
	screen_say("%s", err->text);
	screen_say("NOT-RUN exit=%d", status);
}

/* The command could not be started. */
static bool gate_cannot_start(const struct gate *gate,
		const struct outputs *outputs,
		int *ret_exit,
		const struct error *err)
{
	*ret_exit = gate->end.status;
	if (!gate->end.status)
		return false;
	say_not_run(gate->pipeline->run, outputs, *ret_exit, err);
	return true;
}

static void compare_run(struct gate *gate)
{
	const struct certificate *seen = &gate->certificate;
	const char *reason = NULL, *limit = NULL;
	if (!is_certified(seen))
		reason = charge_name(seen->reason);
	if (seen->reason == CHARGE_LIMIT && seen->bottleneck)
		limit = seen->bottleneck->id;
	baseline_compare_run(&gate->baseline, reason, limit);
}

static bool run_it(struct gate *gate, struct outputs *outputs, int *ret_exit, struct error *err)
{
	const struct run *run = gate->pipeline->run;
	__attribute__((cleanup(gate_free_document))) cJSON *before = document_of(gate, err);
	if (!before)
		return false;
	if (!run->options->quiet)
		on_screen(run, before, say_foreign);
	if (!run->options->quiet)
		on_screen(run, before, say_baseline);
	on_screen(run, before, show_summary);
	if (gate->options->gate.learn && !lock_keep_begin(gate, err))
		return false;
	if (gate->result->verdict != VERDICT_PASS || gate_is_hypothetical(gate))
		screen_say("%s", gate->reason);
	if (!gate_run(gate, err))
		return gate_cannot_start(gate, outputs, ret_exit, err);
	if (gate->watched && gate->baseline.compared)
		compare_run(gate);
	gate->outcome = gate_ended(gate);
	__attribute__((cleanup(gate_free_document))) cJSON *document = document_of(gate, err);
	if (!document)
		return false;
	(void)keep_outputs(run, document, outputs);
	if (gate->options->gate.learn && !lock_keep(gate, err))
		screen_say("%s", err->text);
	bool good = is_certified(&gate->certificate);
	if (gate->watched && (!run->options->quiet || !good)) {
		on_screen(run, document, say_sentence);
		if (gate->baseline.run == BASELINE_RUN_KNOWN)
			screen_say("not certified, but for the same reason as before (--against %.60s), so the "
					   "exit status is not 123",
					run->options->against);
		on_screen(run, document, say_result);
		on_screen(run, document, show_result);
	}
	*ret_exit = gate->outcome.exit;
	return true;
}

/* --against: what failed in the earlier document as well. */
static bool look_back(struct gate *gate, struct error *err)
{
	const struct run *run = gate->pipeline->run;
	struct json *json;
	double id;
	__attribute__((cleanup(gate_free_document))) cJSON *document = document_of(gate, err);
	if (!document)
		return false;
	if (!earlier_gate(run, document, &json, &id, err))
		return false;
	if (!baseline_open(run, json, id, &gate->baseline, err))
		return false;
	baseline_compare(run, document, &gate->baseline);
	return true;
}

static bool decide(struct gate *gate, struct outputs *outputs, int *ret_exit, struct error *err)
{
	struct pipeline *pipeline = gate->pipeline;
	if (!pipeline_open(pipeline->run, pipeline, err))
		return false;
	pipeline->model.decides = true;
	if (!find_workload(gate, err))
		return false;
	say_context(gate);
	if (!pipeline_calibrate(pipeline, &gate->plan, err))
		return false;
	if (!gate_judge(gate, err) || !gate_wait(gate, err))
		return false;
	if (pipeline->run->options->against && !look_back(gate, err))
		return false;
	gate->reason = reason_of(pipeline->run->arena, gate);
	say_changes(gate);
	if (!pipeline->run->options->quiet)
		foreign_say_left(pipeline->run->arena, pipeline->run->foreign);
	bool good = gate->result->verdict == VERDICT_PASS && !gate_is_hypothetical(gate);
	if (good || gate_is_excused(gate) || gate->options->force)
		return run_it(gate, outputs, ret_exit, err);
	return gate_refuse(gate, outputs, ret_exit, err);
}

static bool gate_whole(const struct run *run,
		struct outputs *outputs,
		int *ret_exit,
		bool *ret_interrupted,
		struct error *err)
{
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {.run = run};
	__attribute__((cleanup(gate_close))) struct gate gate = {
			.pipeline = &pipeline,
			.options = run->options,
			.result = arena_alloc(run->arena, sizeof(struct result)),
	};
	bool done = decide(&gate, outputs, ret_exit, err);
	if (!done)
		publish_not_run(run, outputs, err->text);
	*ret_interrupted = gate.end.signal == SIGINT && !gate.end.timed_out;
	return done;
}

bool command_gate(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = settings_read(run, COMMAND_GATE, err);
	struct run layered = *run;
	struct outputs outputs;
	if (!options || !gate_check_arguments(options, err))
		return false;
	layered.options = options;
	if (!gate_outputs(run->arena, options, &outputs, err))
		return false;
	*ret_exit = child_find(run->arena, options->child.items[0], err);
	if (*ret_exit) {
		say_not_run(&layered, &outputs, *ret_exit, err);
		return true;
	}
	bool interrupted = false;
	if (!gate_whole(&layered, &outputs, ret_exit, &interrupted, err))
		return false;
	if (interrupted)
		front_die(SIGINT);
	return true;
}
