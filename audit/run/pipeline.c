/* The way from the command line to a judged plan. Prints nothing, writes nothing. */
#include "audit/run/pipeline.h"

#include <math.h>
#include <string.h>

#include "audit/cli/foreign.h"
#include "audit/cli/option_reader.h"
#include "audit/document/request.h"
#include "audit/rules/member.h"
#include "audit/rules/presets.h"
#include "audit/run/age.h"
#include "audit/run/holder.h"
#include "audit/run/image.h"
#include "audit/run/lock_file.h"
#include "audit/run/plan_file.h"
#include "audit/run/stock_image.h"
#include "audit/run/taught.h"
#include "audit/run/waivers.h"
#include "audit/vantage/host_root.h"
#include "audit/vantage/vantage.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/given.h"

/* The plans that an audit without a workload judges, in the order shown. */
static const char *const hold_presets[] = {"hold-client", "hold-churn", "hold-server"};
enum {
	HOLDS = COUNT_OF(hold_presets)
};
_Static_assert((int)HOLDS == (int)REACH_LOADS, "each hold is a load that grows");

/* A unit or a container that does not run; NULL: a process is there, or none was named. */
static const struct host_planned *planned_of(const struct options *options)
{
	if (!options->vantage || options->pid > 0)
		return NULL;
	return &options->vantage->planned;
}

struct host_options pipeline_host_options(const struct options *options, enum host_detail detail)
{
	if (options->all && detail < DETAIL_ALL)
		detail = DETAIL_ALL;
	return (struct host_options){
			.image = options->fix.root,
			.image_unit = options->unit,
			.facts_path = options->facts_path,
			.host_root = options->host_root,
			.pid = (int)options->pid,
			.planned = planned_of(options),
			.set = options->sets.items,
			.set_count = options->sets.count,
			.hosts_file = detail == DETAIL_FILE,
			.destinations_detail = detail >= DETAIL_ALL,
			.all_files = detail != DETAIL_AUDIT,
	};
}

/* Of a stock image, and what --set says over it. */
static struct facts *stock_facts(const struct run *run,
		const struct host_options *options,
		struct host_info *ret_host,
		struct facts *facts,
		struct error *err)
{
	if (!stock_image_facts(run, facts, ret_host, err))
		return NULL;
	if (!given_set_all(facts, options->set, options->set_count, err))
		return NULL;
	facts_sort(facts);
	return facts;
}

struct facts *pipeline_facts_by(const struct run *run,
		const struct host_options *options,
		struct host_info *ret_host,
		struct error *err)
{
	struct facts *facts = facts_new(run->arena);
	*ret_host = (struct host_info){0};
	if (run->options->image)
		return stock_facts(run, options, ret_host, facts, err);
	if (!host_probe(run->arena, options, facts, ret_host, err))
		return NULL;
	facts_sort(facts);
	const struct vantage *vantage = run->options->vantage;
	if (vantage && !vantage_facts(vantage, facts, err))
		return NULL;
	if (vantage)
		ret_host->vantage = options->pid
				? arena_printf(run->arena, "%s, %s", vantage->shown, ret_host->vantage)
				: arena_printf(run->arena, "%s (not running, as configured)", vantage->shown);
	return facts;
}

struct facts *pipeline_facts(const struct run *run,
		enum host_detail detail,
		struct host_info *ret_host,
		struct error *err)
{
	const struct host_options options = pipeline_host_options(run->options, detail);
	return pipeline_facts_by(run, &options, ret_host, err);
}

bool pipeline_rules(const struct run *run,
		bool examples,
		struct rules *ret_rules,
		struct rule_extras *ret_extras,
		struct error *err)
{
	return rules_load(run->arena,
			run->options->rules_dirs.items,
			run->options->rules_dirs.count,
			examples,
			ret_rules,
			ret_extras,
			err);
}

static bool read_waivers(struct pipeline *pipeline, const struct policy *policy, struct error *err)
{
	const struct options *options = pipeline->run->options;
	struct waiver *waivers = NULL;
	if (!options->waivers_path)
		return true;
	const char *today = arena_copy(pipeline->run->arena, pipeline->created, 10);
	if (!waivers_read(pipeline->run,
				policy,
				&pipeline->rules,
				today,
				&waivers,
				&pipeline->model.waiver_count,
				err))
		return false;
	pipeline->model.waivers = waivers;
	return true;
}

static void set_age(struct pipeline *pipeline)
{
	pipeline->as_of = age_as_of(pipeline->facts, &pipeline->host);
	pipeline->model.age_s = age_between(pipeline->as_of, pipeline->created);
}

/* The highest target that the owner of this machine allows. */
static bool apply_policy(struct pipeline *pipeline, const struct policy *policy, struct error *err)
{
	const struct options *options = pipeline->run->options;
	char asked[NUMBER_TEXT_MAX], allowed[NUMBER_TEXT_MAX];
	if (isnan(policy->max_use) || pipeline->model.target <= policy->max_use)
		return true;
	if (options_given(options, offsetof(struct options, max_use)))
		return error_set(err,
				"--max-use %s is above what the policy of this machine allows "
				"(/etc/headroom/policy.json): at most %s",
				text_number(asked, options->max_use, UNIT_RATIO),
				text_number(allowed, policy->max_use, UNIT_RATIO));
	pipeline->model.target = policy->max_use;
	return true;
}

/* Each file of rules, with the ids of those of its rules that count. */
static void name_rules(const struct run *run, const struct rule_extras *extras)
{
	for (size_t i = 0; i < extras->file_count; i++) {
		const struct rule_file *file = &extras->files[i];
		struct foreign *foreign =
				foreign_add(run->arena, run->foreign, FOREIGN_RULES, file->path, file->digest);
		for (size_t k = 0; k < extras->item_count; k++) {
			const struct rule_item *item = &extras->items[k];
			const char *remark = "";
			if (item->layer == 0 || strcmp(item->origin, file->path) != 0)
				continue;
			if (item->replaces)
				remark = " in place of the built-in one";
			name_list_append(run->arena,
					&foreign->taken,
					arena_printf(run->arena,
							"%s %s%s",
							rule_kind_name(item->kind),
							item->id,
							remark));
		}
	}
}

/* What the host itself gives cause to say. */
static bool add_findings(struct pipeline *pipeline, struct error *err)
{
	const struct options *options = pipeline->run->options;
	struct arena *arena = pipeline->run->arena;
	if (options->fix.root) {
		pipeline->findings = arena_alloc(arena, sizeof *pipeline->findings);
		pipeline->findings[0] = image_finding(arena, options->fix.root, pipeline->facts);
		pipeline->finding_count = 1;
	}
	if (options->image) {
		pipeline->findings = arena_alloc(arena, sizeof *pipeline->findings);
		pipeline->findings[0] = stock_image_finding(pipeline->run);
		pipeline->finding_count = 1;
	}
	if (host_root_has_finding(options)) {
		pipeline->findings = arena_alloc(arena, sizeof *pipeline->findings);
		pipeline->findings[0] = host_root_finding(arena, options);
		pipeline->finding_count = 1;
	}
	return !options->vantage ||
			vantage_findings(arena,
					options->vantage,
					pipeline->facts,
					options->facts_path,
					&pipeline->findings,
					&pipeline->finding_count,
					err);
}

bool pipeline_open_rules(const struct run *run, struct pipeline *ret_pipeline, struct error *err)
{
	const struct options *options = run->options;
	char now[CLOCK_TEXT_MAX];
	*ret_pipeline = (struct pipeline){.run = run,
			.created = arena_strdup(run->arena, clock_utc_run(now))};
	ret_pipeline->model = (struct model_options){
			.target = options->max_use,
			.planning_constants = !strcmp(options->planning_constants, "on"),
			.pessimistic = options->pessimistic,
			.map = options->map,
			.max_age_s = options->max_age_s,
			.ignore = options->ignores.items,
			.ignore_count = options->ignores.count,
	};
	struct policy policy;
	if (!policy_read(run, &policy, err) || !apply_policy(ret_pipeline, &policy, err) ||
			!pipeline_rules(run, false, &ret_pipeline->rules, &ret_pipeline->extras, err) ||
			!read_waivers(ret_pipeline, &policy, err))
		return false;
	name_rules(run, &ret_pipeline->extras);
	ret_pipeline->facts = facts_new(run->arena);
	return true;
}

bool pipeline_open(const struct run *run, struct pipeline *ret_pipeline, struct error *err)
{
	const struct options *options = run->options;
	if (options->calibrate && !calibration_set_allowed(options, err))
		return false;
	if (!pipeline_open_rules(run, ret_pipeline, err))
		return false;
	ret_pipeline->facts = pipeline_facts(run, DETAIL_AUDIT, &ret_pipeline->host, err);
	if (!ret_pipeline->facts)
		return false;
	set_age(ret_pipeline);
	return add_findings(ret_pipeline, err);
}

void pipeline_close(struct pipeline *pipeline)
{
	if (RUN_FREES)
		rule_extras_release(&pipeline->extras);
}

const char *const *pipeline_presets(const struct pipeline *pipeline)
{
	return preset_names(pipeline->run->arena, &pipeline->extras);
}

/* "wrk", where a ready workload is expected. */
static bool names_tool(const struct pipeline *pipeline, const char *word)
{
	const char *words[] = {word, NULL};
	const struct plan_context context = {
			.arena = pipeline->run->arena,
			.rules = &pipeline->rules,
	};
	const struct plan_command command = {.words = words, .count = 1};
	return plan_knows(&context, &command);
}

bool pipeline_preset(const struct pipeline *pipeline,
		const char *id,
		struct workload *ret_workload,
		struct error *err)
{
	const struct workload_preset *preset = rule_extras_preset(&pipeline->extras, id);
	if (preset)
		return preset_workload(pipeline->run->arena, preset, ret_workload, err);
	char question[SUGGEST_MAX];
	if (names_tool(pipeline, id))
		return error_set(err,
				"%.60s is a load test tool: put -- in front of its command, as in workload -- "
				"%.60s …",
				id,
				id);
	return error_set(err,
			"unknown preset or plan file \"%.100s\"%s (for a list of presets: headroom help "
			"workload)",
			id,
			suggest_question(question, id, pipeline_presets(pipeline)));
}

void pipeline_add_findings(struct pipeline *pipeline, const struct finding *findings, size_t count)
{
	struct result all = {
			.findings = pipeline->findings,
			.finding_count = pipeline->finding_count,
	};
	plan_findings(pipeline->run->arena, findings, count, &all);
	pipeline->findings = all.findings;
	pipeline->finding_count = all.finding_count;
}

bool pipeline_names_file(const char *name)
{
	return strchr(name, '/') || !strcmp(name, "-") || text_ends_with(name, ".json") ||
			plan_file_is_named(name);
}

bool pipeline_is_workload(const struct pipeline *pipeline, const char *name)
{
	return pipeline_names_file(name) || rule_extras_preset(&pipeline->extras, name);
}

/* How plans are judged, with who holds the limits. */
static struct model_options options_of(const struct pipeline *pipeline)
{
	struct limit_holder *holder = arena_alloc(pipeline->run->arena, sizeof *holder);
	struct model_options model = pipeline->model;
	const struct holder_question question = {
			.options = pipeline->run->options,
			.rules = &pipeline->rules,
			.facts = pipeline->facts,
			.plan = pipeline->plan,
	};
	*holder = run_holder(&question);
	model.holder = holder;
	return model;
}

static bool judge_one(const struct pipeline *pipeline,
		const struct loads *plan,
		struct result *ret_result,
		struct error *err)
{
	const struct model_options model = options_of(pipeline);
	if (!model_run(pipeline->run->arena,
				&pipeline->rules,
				pipeline->facts,
				plan,
				&model,
				ret_result,
				err))
		return false;
	plan_findings(pipeline->run->arena, pipeline->findings, pipeline->finding_count, ret_result);
	if (pipeline->plan)
		plan_findings(pipeline->run->arena,
				pipeline->plan->findings,
				pipeline->plan->finding_count,
				ret_result);
	return true;
}

/* How bad a verdict is. */
static int severity_of(enum verdict verdict)
{
	static const int severities[] = {
			[VERDICT_NONE] = 0,
			[VERDICT_PASS] = 0,
			[VERDICT_UNKNOWN] = 1,
			[VERDICT_FAIL] = 2,
	};
	return severities[verdict];
}

/* What the checkout says about the plan is not taken. */
static void reject_described(const struct run *run)
{
	static const enum foreign_kind kinds[] = {FOREIGN_SETTINGS, FOREIGN_LOCK};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct foreign *foreign = foreign_find(run->foreign, kinds[i]);
		if (foreign && name_list_has(&foreign->taken, LOCK_FILE_PLAN))
			foreign_reject(run->arena,
					foreign,
					LOCK_FILE_PLAN,
					"the workload, because it would make the verdict better");
	}
}

/* The plan with what its command says without any description. */
static struct loads alone_plan(const struct pipeline *pipeline, const struct loads *plan)
{
	struct loads alone = loads_copy(pipeline->run->arena, plan);
	alone.items[alone.count - 1] = *pipeline->alone;
	return alone;
}

/* The stricter of what the plan and the command alone come to. */
static bool judge_stricter(const struct pipeline *pipeline,
		const struct loads *plan,
		struct result *ret_result,
		struct error *err)
{
	struct result *alone = arena_alloc(pipeline->run->arena, sizeof *alone);
	struct error ignored = {0};
	if (!judge_one(pipeline, plan, ret_result, err))
		return false;
	if (!pipeline->alone)
		return true;
	const struct loads undescribed = alone_plan(pipeline, plan);
	if (!judge_one(pipeline, &undescribed, alone, &ignored))
		return true;
	if (severity_of(alone->verdict) <= severity_of(ret_result->verdict))
		return true;
	*ret_result = *alone;
	reject_described(pipeline->run);
	return true;
}

/* Where the verdict takes the usual run, the one that asked for most may not fit. */
static void warn_of_highest(const struct pipeline *pipeline,
		const struct loads *plan,
		struct result *result)
{
	struct arena *arena = pipeline->run->arena;
	struct result *highest = arena_alloc(arena, sizeof *highest);
	struct loads most = loads_copy(arena, plan);
	struct workload *load = &most.items[most.count - 1];
	struct error ignored = {0};
	if (!pipeline->taught || !taught_highest(pipeline->taught, load, load))
		return;
	if (!judge_one(pipeline, &most, highest, &ignored))
		return;
	if (severity_of(highest->verdict) == 0)
		return;
	const struct finding warning = taught_warning(arena, pipeline->taught, highest);
	plan_findings(arena, &warning, 1, result);
	result->warnings++;
}

bool pipeline_judge(const struct pipeline *pipeline,
		const struct loads *plan,
		struct result *ret_result,
		struct error *err)
{
	if (!judge_stricter(pipeline, plan, ret_result, err))
		return false;
	if (ret_result->verdict == VERDICT_PASS)
		warn_of_highest(pipeline, plan, ret_result);
	return true;
}

bool pipeline_calibrate(struct pipeline *pipeline, const struct loads *plan, struct error *err)
{
	const struct run *run = pipeline->run;
	struct calibration_set *calibration_set = &pipeline->calibration_set;
	struct workload preset = {0};
	const struct loads usual = loads_of(&preset);
	struct result before;
	if (!run->options->calibrate)
		return true;
	if (!plan && !pipeline_preset(pipeline, "default", &preset, err))
		return false;
	if (!calibration_set_choose(run->arena, NULL, 0, calibration_set, err) ||
			!pipeline_judge(pipeline, plan ? plan : &usual, &before, err))
		return false;
	calibration_set_run(run->arena, run->options, pipeline->facts, &before, calibration_set);
	pipeline->model.measurements = calibration_set->measurements;
	pipeline->model.measurement_count = calibration_set->count;
	return true;
}

static bool judge_hold(const struct pipeline *pipeline,
		const char *id,
		struct loads *ret_plan,
		struct hold *ret_hold,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	const struct workload_preset *preset = rule_extras_preset(&pipeline->extras, id);
	struct result *result = arena_alloc(arena, sizeof *result);
	struct workload *workload = arena_alloc(arena, sizeof *workload);
	if (!preset)
		return error_fail(err,
				"the built-in rules lack the workload \"%s\"; this build is incomplete, install "
				"headroom again",
				id);
	*workload = (struct workload){.title = NULL};
	*ret_plan = loads_of(workload);
	*ret_hold = (struct hold){.id = id, .title = preset->title, .result = result};
	return preset_workload(arena, preset, workload, err) &&
			pipeline_judge(pipeline, ret_plan, result, err);
}

/* What the host can carry, now and after the changes that let it carry most. */
static bool judge_holds(const struct pipeline *pipeline,
		struct hold *holds,
		struct reach *ret_reach,
		struct error *err)
{
	struct loads plans[HOLDS];
	const struct model_options model = options_of(pipeline);
	for (size_t i = 0; i < HOLDS; i++)
		if (!judge_hold(pipeline, hold_presets[i], &plans[i], &holds[i], err))
			return false;
	return reach_find(pipeline->run->arena,
			&pipeline->rules,
			pipeline->facts,
			plans,
			&model,
			ret_reach,
			err);
}

cJSON *pipeline_document(const struct pipeline *pipeline,
		const struct result *result,
		struct error *err)
{
	struct hold *holds = arena_alloc(pipeline->run->arena, HOLDS * sizeof *holds);
	struct reach *reach = arena_alloc(pipeline->run->arena, sizeof *reach);
	const struct document_input input = {
			.arena = pipeline->run->arena,
			.rules = &pipeline->rules,
			.facts = pipeline->facts,
			.host = &pipeline->host,
			.model = &pipeline->model,
			.calibration_set = &pipeline->calibration_set,
			.has_command = pipeline->run->options->child.count > 0,
			.result = result,
			.holds = holds,
			.hold_count = result ? 0 : HOLDS,
			.reach = reach,
			.created = pipeline->created,
			.as_of = pipeline->as_of,
			.foreign = pipeline->run->foreign,
			.argc = pipeline->run->argc,
			.argv = pipeline->run->argv,
	};
	if (!result && !judge_holds(pipeline, holds, reach, err))
		return NULL;
	cJSON *document = document_new(&input);
	request_put(pipeline->run->arena, document, pipeline->run->options);
	return document;
}
