/* The plan that the command line gives: each load by a name, flags, or the command after "--". */
#include <string.h>

#include "audit/run/described.h"
#include "audit/run/lock_file.h"
#include "audit/run/pipeline.h"
#include "audit/run/plan_file.h"
#include "audit/run/taught.h"
#include "audit/vantage/vantage.h"
#include "base/text.h"
#include "probes/host/target/target.h"
#include "probes/plan/command/mask.h"
#include "probes/plan/workload_json.h"

/* What a container's network means for the plan, unless that says itself. */
static bool add_nat(const struct pipeline *pipeline,
		bool given,
		struct workload *workload,
		struct error *err)
{
	const struct vantage *vantage = pipeline->run->options->vantage;
	const char *nat = vantage && given ? vantage_nat(vantage, workload) : NULL;
	return !nat || workload_set(pipeline->run->arena, workload, W_NAT, nat, vantage->shown, err);
}

static bool add_nats(const struct pipeline *pipeline, const struct loads *loads, struct error *err)
{
	for (size_t i = 0; i < loads->count; i++)
		if (!add_nat(pipeline, true, &loads->items[i], err))
			return false;
	return true;
}

/* What headroom.json says of the plan; *ret_described NULL: nothing. */
static bool find_described(const struct pipeline *pipeline,
		const struct workload **ret_described,
		struct error *err)
{
	const struct options *options = pipeline->run->options;
	*ret_described = NULL;
	if (options->is_described)
		*ret_described = &options->described;
	if (!options->described_name)
		return true;
	struct workload *preset = arena_alloc(pipeline->run->arena, sizeof *preset);
	*ret_described = preset;
	return pipeline_preset(pipeline, options->described_name, preset, err);
}

static struct workload *copy_workload(struct arena *arena, const struct workload *workload)
{
	struct workload *copy = arena_alloc(arena, sizeof *copy);
	*copy = *workload;
	return copy;
}

/* What the command says without headroom.json and workload.lock.json. Who says --learn vouches for
 * the latter. */
static void keep_alone(struct pipeline *pipeline,
		const struct workload *described,
		const struct workload *alone)
{
	const struct run *run = pipeline->run;
	const struct lock_taught *taught = pipeline->taught;
	bool vouched = run->options->gate.learn;
	if (!alone || (!described && vouched))
		return;
	pipeline->alone = copy_workload(run->arena, alone);
	if (!vouched || !taught->any)
		return;
	described_fill(pipeline->alone, &taught->usual);
	workload_merge(pipeline->alone, &run->options->workload);
	taught_settle(pipeline->alone);
}

/* The words after "--" of this run. */
static bool derive_plan(struct pipeline *pipeline,
		const struct run *run,
		struct plan *plan,
		struct error *err)
{
	const struct workload *described, *alone;
	struct lock_taught *taught = arena_alloc(run->arena, sizeof *taught);
	if (!find_described(pipeline, &described, err) || !lock_file_taught(run, taught, err))
		return false;
	pipeline->taught = taught;
	const struct workload *joined = taught_join(run->arena, described, taught);
	if (!plan_derive(run, &pipeline->rules, pipeline->facts, joined, plan, &alone, err))
		return false;
	if (!plan_vantage_facts(plan, pipeline->facts, err))
		return false;
	taught_settle(&plan->workload);
	keep_alone(pipeline, described, alone);
	return true;
}

/* The last load is the command's own. */
static bool loads_of_command(struct pipeline *pipeline, struct loads *ret_loads, struct error *err)
{
	struct plan *plan = arena_alloc(pipeline->run->arena, sizeof *plan);
	if (!derive_plan(pipeline, pipeline->run, plan, err))
		return false;
	pipeline->plan = plan;
	*ret_loads = plan_loads(pipeline->run->arena, plan);
	return !pipeline->alone || add_nat(pipeline, true, pipeline->alone, err);
}

static bool loads_of_file(const struct pipeline *pipeline,
		const char *name,
		struct loads *ret_loads,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	const struct json *json = pipeline->named;
	if (!json)
		return loads_from_file(arena, name, ret_loads, err);
	return loads_from_json(arena, json, json_root(json), NULL, ret_loads, err);
}

/* A ready workload or a file; NULL: a load that its flags say all of. */
static bool loads_of_name(const struct pipeline *pipeline,
		const char *name,
		struct loads *ret_loads,
		struct error *err)
{
	if (name && pipeline_names_file(name))
		return loads_of_file(pipeline, name, ret_loads, err);
	struct workload *load = arena_alloc(pipeline->run->arena, sizeof *load);
	*load = (struct workload){0};
	*ret_loads = loads_of(load);
	return !name || pipeline_preset(pipeline, name, load, err);
}

/* What stands between two "+", before a command: a name, flags, or both. Flags belong to one load,
 * so a file of several takes none. */
static bool loads_of_words(const struct pipeline *pipeline,
		const char *name,
		const struct workload *flags,
		bool flagged,
		struct loads *ret_loads,
		struct error *err)
{
	if (!loads_of_name(pipeline, name, ret_loads, err))
		return false;
	if (flagged && ret_loads->count > 1)
		return error_set(err,
				"%.200s has %zu loads, so a plan flag would be ambiguous; change the file instead",
				name,
				ret_loads->count);
	if (flagged)
		workload_merge(&ret_loads->items[0], flags);
	for (size_t i = 0; i < ret_loads->count; i++)
		if (!add_nat(pipeline, name || flagged, &ret_loads->items[i], err))
			return false;
	return true;
}

static bool named_append(const struct pipeline *pipeline,
		const struct loads *more,
		struct loads *plan,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	const size_t count = plan->count + more->count;
	if (count > LOADS_MAX)
		return error_set(err, "a plan can have at most %d loads", LOADS_MAX);
	if (!plan->count) {
		*plan = *more;
		return true;
	}
	struct workload *items = arena_alloc(arena, count * sizeof *items);
	memcpy(items, plan->items, plan->count * sizeof *items);
	memcpy(items + plan->count, more->items, more->count * sizeof *items);
	*plan = (struct loads){.items = items, .count = count};
	return true;
}

/* --- files of load test tools --- */

/* The command that a tool's file stands for; no words: it is no such file. */
static bool find_words(const struct pipeline *pipeline,
		const char *name,
		struct name_list *ret_words,
		struct error *err)
{
	*ret_words = (struct name_list){0};
	if (!name || pipeline->named || !pipeline_names_file(name))
		return true;
	return plan_file_command(pipeline->run, name, ret_words, err);
}

/* What was read in place of the file. */
static void note_file(struct pipeline *pipeline, const char *name, const struct name_list *words)
{
	struct arena *arena = pipeline->run->arena;
	const struct finding finding = {
			.id = "plan-file",
			.severity = "note",
			.where = name,
			.text = arena_printf(arena,
					"%.200s is read as this command: %s",
					name,
					mask_line(arena, words->items, words->count)),
	};
	pipeline_add_findings(pipeline, &finding, 1);
}

/* A file in front of "+". What headroom.json says belongs to the last load. */
static bool load_of_file(struct pipeline *pipeline,
		const char *name,
		const struct name_list *command,
		const struct load_words *words,
		struct loads *ret_loads,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	struct run run = *pipeline->run;
	struct options options = *run.options;
	struct plan *plan = arena_alloc(arena, sizeof *plan);
	const struct workload *alone;
	options.child = *command;
	options.workload = words->workload;
	options.workload_flags = words->workload_flags;
	run.options = &options;
	if (!plan_derive(&run, &pipeline->rules, pipeline->facts, NULL, plan, &alone, err))
		return false;
	if (!plan_vantage_facts(plan, pipeline->facts, err))
		return false;
	*ret_loads = plan_loads(arena, plan);
	pipeline_add_findings(pipeline, plan->findings, plan->finding_count);
	note_file(pipeline, name, command);
	return add_nats(pipeline, ret_loads, err);
}

/* The loads before the last "+". */
static bool read_first_loads(struct pipeline *pipeline, struct loads *plan, struct error *err)
{
	const struct options *options = pipeline->run->options;
	for (size_t i = 0; i < options->load_count; i++) {
		const struct load_words *words = &options->loads[i];
		const struct name_list *names = &words->arguments;
		struct loads loads;
		if (names->count > 1)
			return error_set(err,
					"\"%.60s\" and \"%.60s\" are two loads; write + between them",
					names->items[0],
					names->items[1]);
		const char *name = NULL;
		if (names->count)
			name = names->items[0];
		struct name_list command = {0};
		if (!find_words(pipeline, name, &command, err))
			return false;
		if (command.count && !load_of_file(pipeline, name, &command, words, &loads, err))
			return false;
		if (!command.count &&
				!loads_of_words(pipeline,
						name,
						&words->workload,
						words->workload_flags,
						&loads,
						err))
			return false;
		if (!named_append(pipeline, &loads, plan, err))
			return false;
	}
	return true;
}

static bool load_of_command(struct pipeline *pipeline, struct loads *ret_loads, struct error *err)
{
	return loads_of_command(pipeline, ret_loads, err) && add_nats(pipeline, ret_loads, err);
}

static bool read_last_load(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_loads,
		struct error *err)
{
	const struct options *options = pipeline->run->options;
	struct name_list words = {0};
	if (name && options->child.count)
		return error_set(err,
				"give either the workload \"%.60s\" or a command after \"--\"; for both at once "
				"write %.60s + -- COMMAND",
				name,
				name);
	if (options->child.count)
		return load_of_command(pipeline, ret_loads, err);
	if (!find_words(pipeline, name, &words, err))
		return false;
	if (!words.count)
		return loads_of_words(pipeline,
				name,
				&options->workload,
				options->workload_flags,
				ret_loads,
				err);
	pipeline->run = plan_file_run(pipeline->run, &words);
	if (!load_of_command(pipeline, ret_loads, err))
		return false;
	note_file(pipeline, name, &words);
	return true;
}

/* Options that have one load's answer. */
static bool named_check_options(const struct options *options,
		const struct loads *plan,
		struct error *err)
{
	if (plan->count < 2)
		return true;
	if (options->calibrate)
		return error_set(err,
				"--calibrate takes a single load, but this plan has %zu; run headroom calibrate "
				"for each instead",
				plan->count);
	if (options->gate.learn)
		return error_set(err,
				"--learn takes a single load, but this plan has %zu; run the command alone to "
				"learn from it",
				plan->count);
	return true;
}

bool pipeline_read_plan(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_plan,
		bool *ret_given,
		struct error *err)
{
	const struct options *options = pipeline->run->options;
	struct loads last;
	*ret_plan = (struct loads){0};
	*ret_given = name || options->load_count || options->workload_flags || options->child.count;
	return read_first_loads(pipeline, ret_plan, err) &&
			read_last_load(pipeline, name, &last, err) &&
			named_append(pipeline, &last, ret_plan, err) &&
			named_check_options(options, ret_plan, err);
}

bool pipeline_plan(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_plan,
		bool *ret_given,
		struct error *err)
{
	if (!pipeline_read_plan(pipeline, name, ret_plan, ret_given, err))
		return false;
	return pipeline_targets(pipeline, ret_plan, &pipeline->host, pipeline->facts, err);
}

/* --- where it connects to --- */

static const struct workload_value *destinations_of(const struct workload *load)
{
	const char *role = load->values[W_ROLE].text;
	if (role && !strcmp(role, "proxy"))
		return &load->values[W_UP_DESTINATIONS];
	return &load->values[W_DESTINATIONS];
}

static struct name_list all_destinations(struct arena *arena, const struct loads *plan)
{
	struct name_list all = {0};
	for (size_t i = 0; i < plan->count; i++) {
		const struct workload_value *to = destinations_of(&plan->items[i]);
		for (size_t k = 0; to->list && k < (size_t)to->number; k++)
			name_list_append(arena, &all, to->list[k]);
	}
	return all;
}

bool pipeline_targets(const struct pipeline *pipeline,
		const struct loads *plan,
		const struct host_info *host,
		struct facts *facts,
		struct error *err)
{
	const struct options *options = pipeline->run->options;
	struct arena *arena = pipeline->run->arena;
	const struct host_options host_options = pipeline_host_options(options, DETAIL_AUDIT);
	const struct name_list all = all_destinations(arena, plan);
	const struct targets targets = {
			.items = all.items,
			.count = all.count,
			.resolves = options->resolves.items,
			.resolve_count = options->resolves.count,
	};
	return target_facts(arena, &host_options, host, &targets, facts, err);
}
