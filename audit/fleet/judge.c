/* Each host with its share of the plan, as headroom audit would judge it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/fleet/fleet.h"
#include "audit/fleet/memo.h"
#include "audit/fleet/source.h"
#include "audit/run/age.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "model/answer/age.h"

enum {
	UNEXPECTED_MAX = 50
};

/* One host while it is judged. */
struct judge_case {
	struct fleet_run *fleet;
	struct arena *arena;
	struct run run;
	struct options options;
	struct pipeline pipeline;
	struct loads share;
	size_t host; /* its place among those that get a share */
	struct fleet_record *record;
};

static void judge_keep_text(char *out, size_t size, const char *text)
{
	(void)snprintf(out, size, "%.*s", (int)size - 1, text ? text : "");
}

static void judge_fail(struct fleet_run *fleet, struct fleet_record *record, const char *why)
{
	enum {
		WHY_CHARS = 300
	};
	if (record->state != HOST_MISSING)
		return;
	record->state = HOST_BROKEN;
	record->why = text_clean(fleet->run->arena, why, strlen(why), WHY_CHARS);
}

/* --- one result --- */

static struct judged_limit judged_limit_of(const struct judgement *worst)
{
	return (struct judged_limit){
			.status = (unsigned char)worst->status,
			.counts = worst->severity != SEVERITY_ADVISORY && !worst->ignored && !worst->waived,
			.use = (float)worst->utilization,
	};
}

static size_t count_hypothetical(const struct facts *facts)
{
	size_t count = 0;
	for (size_t i = 0; i < facts->count; i++)
		count += fact_is_hypothetical(facts->items[i]);
	return count;
}

static double egress_scale(const struct result *result)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *worst = &result->resources[i].worst;
		if (strcmp(worst->rule->id, "egress-nat") == 0 && worst->status != STATUS_NOT_APPLICABLE)
			return worst->max_safe_scale;
	}
	return (double)NAN;
}

static struct judged *judged_new(struct fleet_run *fleet,
		const struct result *result,
		enum fleet_role role)
{
	struct arena *arena = fleet->run->arena;
	struct judged *judged = arena_alloc(arena, sizeof *judged);
	*judged = (struct judged){
			.verdict = result->verdict,
			.use = (double)NAN,
			.plan = result->plan,
			.safe = result->max_safe,
			.at_most = result->at_most.limits.count > 0,
			.egress_scale = egress_scale(result),
			.hypothetical = count_hypothetical(result->facts),
			.traits = trait_sets_of(fleet->traits, result, role),
			.limits = arena_alloc(arena, result->resource_count * sizeof *judged->limits),
	};
	judged->plan.without = NULL;
	judged->safe.without = NULL;
	if (result->binding) {
		judged->binding = result->binding->rule->id;
		judged->use = result->binding->utilization;
	}
	for (size_t i = 0; i < result->resource_count; i++)
		judged->limits[i] = judged_limit_of(&result->resources[i].worst);
	judged->present_count = traits_present(fleet->traits, result, &judged->present, arena);
	return judged;
}

/* --- the audit of a class --- */

/* The fullest host stands for its class: what fits it fits the others. */
static bool wants_audit(const struct fleet_run *fleet, const struct judged *judged)
{
	const struct trait_set *set = judged->traits;
	double use = isnan(judged->use) ? 0 : judged->use;
	size_t kept = fleet->audits_of_others;
	if (judged->verdict == VERDICT_FAIL)
		kept = fleet->audits_of_failing;
	if (!set->audit)
		return kept < FLEET_AUDITS_MAX;
	return use > set->use * 1.01;
}

/* With all fixes of the ladder done. */
static struct path_reach reach_after(const struct result *result)
{
	struct path_reach reach = {
			.scale = result->max_safe.scale,
			.at_most = result->at_most.limits.count > 0,
	};
	if (result->binding)
		reach.limit = result->binding->rule->id;
	for (size_t i = 0; i < result->fix_count; i++) {
		const struct fix *fix = &result->fixes[i];
		if (!fix->in_ladder)
			continue;
		reach.scale = fix->after.scale;
		reach.at_most = fix->after.at_most;
		reach.limit = fix->next;
	}
	return reach;
}

static bool keep_audit(struct judge_case *in_case, struct judged *judged, struct error *err)
{
	struct fleet_run *fleet = in_case->fleet;
	struct trait_set *set = judged->traits;
	struct result *result = arena_alloc(in_case->arena, sizeof *result);
	struct text printed = {0};
	if (!wants_audit(fleet, judged))
		return true;
	if (!pipeline_judge(&in_case->pipeline, &in_case->share, result, err))
		return false;
	cJSON *document = pipeline_document(&in_case->pipeline, result, err);
	if (!document)
		return false;
	json_print(document, &printed);
	cJSON_Delete(document);
	if (!set->audit && judged->verdict == VERDICT_FAIL)
		fleet->audits_of_failing++;
	else if (!set->audit)
		fleet->audits_of_others++;
	free(set->audit);
	set->audit = printed.data;
	set->after = reach_after(result);
	set->use = isnan(judged->use) ? 0 : judged->use;
	return true;
}

/* --- one host --- */

static void judge_set_up(struct judge_case *in_case,
		const struct fleet_answer *answer,
		const struct fleet_item *item)
{
	const struct fleet_run *fleet = in_case->fleet;
	struct pipeline *pipeline = &in_case->pipeline;
	in_case->run = *fleet->run;
	in_case->options = *fleet->run->options;
	in_case->options.facts_path = item->where;
	in_case->run.options = &in_case->options;
	in_case->run.arena = in_case->arena;
	*pipeline = fleet->pipeline;
	pipeline->run = &in_case->run;
	pipeline->facts = answer->facts;
	pipeline->host = answer->info;
	pipeline->as_of = answer->as_of;
	pipeline->model.age_s = age_between(answer->as_of, pipeline->created);
	in_case->share = fleet_plan_of(in_case->arena, fleet->split, in_case->host);
}

static bool judge_facts(struct judge_case *in_case, struct judged **ret, struct error *err)
{
	struct fleet_run *fleet = in_case->fleet;
	struct pipeline *pipeline = &in_case->pipeline;
	const struct fleet_share *share = &fleet_shares(fleet->split)[in_case->host];
	struct result *result = arena_alloc(in_case->arena, sizeof *result);
	if (pipeline->plan && !plan_vantage_facts(pipeline->plan, pipeline->facts, err))
		return false;
	if (!pipeline_targets(pipeline, &in_case->share, &pipeline->host, pipeline->facts, err) ||
			!model_judge(in_case->arena,
					&pipeline->rules,
					pipeline->facts,
					&in_case->share,
					&pipeline->model,
					result,
					err))
		return false;
	*ret = judged_new(fleet, result, share->role);
	return keep_audit(in_case, *ret, err);
}

/* Equal facts with an equal share are judged once. A container that the plan starts changes the
 * facts, so there each host is judged by itself. */
static bool judge_once(struct judge_case *in_case,
		const struct fleet_answer *answer,
		struct judged **ret,
		struct error *err)
{
	struct fleet_memo *memo = in_case->fleet->memo;
	const struct fleet_share *share = &fleet_shares(in_case->fleet->split)[in_case->host];
	if (!answer->quick || in_case->pipeline.plan)
		return judge_facts(in_case, ret, err);
	if (!fleet_memo_met(memo, answer->facts, share->kind))
		return judge_facts(in_case, ret, err);
	bool too_old = age_is_too_old(&in_case->pipeline.model);
	const struct memo_key key = memo_key_of(answer->facts, share->kind, too_old);
	*ret = fleet_memo_find(memo, &key);
	if (*ret)
		return true;
	if (!judge_facts(in_case, ret, err))
		return false;
	fleet_memo_add(memo, &key, *ret);
	return true;
}

static bool judge_host(struct judge_case *in_case,
		const struct fleet_answer *answer,
		const struct fleet_item *item,
		struct error *err)
{
	struct fleet_record *record = in_case->record;
	struct judged *judged = NULL;
	judge_set_up(in_case, answer, item);
	if (!record->stands_by && !judge_once(in_case, answer, &judged, err))
		return false;
	const struct model_options *model = &in_case->pipeline.model;
	record->state = HOST_JUDGED;
	record->why = NULL;
	record->judged = judged;
	record->age_s = model->age_s;
	record->too_old = age_is_too_old(model);
	record->where = arena_strdup(in_case->fleet->run->arena, item->where);
	judge_keep_text(record->as_of, sizeof record->as_of, answer->as_of);
	judge_keep_text(record->print, sizeof record->print, answer->info.fingerprint);
	return true;
}

/* --- one item --- */

static void not_expected(struct fleet_run *fleet,
		struct arena *arena,
		const char *of_document,
		const struct fleet_item *item)
{
	const char *name = fleet_name_of(arena, of_document, item);
	fleet->unexpected_count++;
	if (!name || fleet->unexpected.count == UNEXPECTED_MAX)
		return;
	name_list_add_once(fleet->run->arena,
			&fleet->unexpected,
			arena_strdup(fleet->run->arena, name));
}

/* What nobody can say the host of counts against the whole. */
static void no_answer(struct fleet_run *fleet,
		struct fleet_record *record,
		const struct fleet_item *item,
		const char *why)
{
	if (record)
		judge_fail(fleet, record, why);
	else
		fleet_add_problem(fleet, item->where, why, true);
}

static void judge_answer(struct judge_case *in_case,
		const struct fleet_answer *answer,
		const struct fleet_item *item)
{
	struct error err = {0};
	struct fleet_record *record = in_case->record;
	bool again = record->state == HOST_JUDGED;
	record->documents++;
	if (record->state == HOST_DUPLICATE)
		return;
	if (again && !fleet_is_older(record, answer->as_of))
		return;
	if (judge_host(in_case, answer, item, &err))
		return;
	record->state = HOST_MISSING;
	judge_fail(in_case->fleet, record, err.text);
}

static void judge_line(struct fleet_run *fleet, struct arena *arena, const struct fleet_item *item)
{
	struct fleet_record *record = fleet_find_host(fleet, arena, NULL, item);
	if (record)
		judge_fail(fleet, record, item->bytes);
	else
		fleet_add_problem(fleet, item->where, "this line is not a document", false);
}

static void judge_document(struct fleet_run *fleet,
		struct arena *arena,
		const struct fleet_item *item)
{
	struct fleet_answer answer;
	struct error err = {0};
	bool good = fleet_read(arena, &fleet->reading, item, &answer, &err);
	struct fleet_record *record = fleet_find_host(fleet, arena, answer.info.name, item);
	if (good && answer.error)
		no_answer(fleet, record, item, answer.error);
	else if (!good)
		no_answer(fleet, record, item, err.text);
	else if (!record)
		not_expected(fleet, arena, answer.info.name, item);
	else
		judge_answer(&(struct judge_case){.fleet = fleet,
							 .arena = arena,
							 .host = record->place,
							 .record = record},
				&answer,
				item);
}

static void judge_item_in(void *context, const struct fleet_item *item)
{
	struct fleet_run *fleet = context;
	struct arena *arena = arena_new();
	if (item->kind == ITEM_LINE)
		judge_line(fleet, arena, item);
	else
		judge_document(fleet, arena, item);
	arena_free(arena);
	fleet->documents += item->kind != ITEM_LINE;
	fleet_progress(fleet, "judging");
}

static void judge_problem(void *context, const char *where, const char *why, bool ends)
{
	fleet_add_problem(context, where, why, ends);
}

/* --- all --- */

/* Those that are the same machine as another get nothing, unless --hosts says who should be there.
 */
static void gather_hosts(struct fleet_run *fleet)
{
	struct fleet_hosts *hosts = fleet->hosts;
	fleet->judged_hosts = arena_alloc(fleet->run->arena,
			(hosts->count + 1) * sizeof(struct fleet_record *));
	fleet->judged_count = 0;
	for (size_t i = 0; i < hosts->count; i++) {
		if (hosts->items[i]->state == HOST_DUPLICATE)
			continue;
		hosts->items[i]->place = fleet->judged_count;
		fleet->judged_hosts[fleet->judged_count++] = hosts->items[i];
	}
}

/* What is wrong with the plan is wrong for every host: it is said once, before any is read. */
static bool check_plan(struct fleet_run *fleet, struct error *err)
{
	struct arena *arena = fleet->run->arena;
	struct result *result = arena_alloc(arena, sizeof *result);
	const struct loads share = fleet_plan_of(arena, fleet->split, 0);
	if (fleet_shares(fleet->split)[0].nothing)
		return true;
	return model_judge(arena,
			&fleet->pipeline.rules,
			facts_new(arena),
			&share,
			&fleet->pipeline.model,
			result,
			err);
}

/* The shares of a command are such as it can run. */
static const struct name_list *child_of_fleet(const struct fleet_run *fleet)
{
	const struct name_list *child = &fleet->run->options->child;
	if (child->count == 0)
		return NULL;
	return child;
}

struct fleet_host fleet_host_of(const struct fleet_record *record)
{
	return (struct fleet_host){
			.name = record->name,
			.role = record->role,
			.weight = record->weight,
			.group = record->group,
			.capacity = record->carries,
	};
}

bool fleet_divide(struct fleet_run *fleet, struct error *err)
{
	struct arena *arena = fleet->run->arena;
	gather_hosts(fleet);
	struct fleet_host *hosts = arena_alloc(arena, (fleet->judged_count + 1) * sizeof *hosts);
	for (size_t i = 0; i < fleet->judged_count; i++) {
		const struct fleet_record *record = fleet->judged_hosts[i];
		hosts[i] = fleet_host_of(record);
	}
	struct fleet *all = arena_alloc(arena, sizeof *all);
	*all = (struct fleet){
			.hosts = hosts,
			.count = fleet->judged_count,
			.way = fleet->way,
			.command = child_of_fleet(fleet),
	};
	if (fleet->judged_count == 0)
		return true;
	if (!fleet_split(arena, &fleet->plan, all, &fleet->split, err))
		return false;
	fleet->shares_egress = path_shares_egress(arena, &fleet->pipeline.rules, &fleet->plan);
	fleet_prepare_commands(fleet);
	for (size_t i = 0; i < fleet->judged_count; i++)
		fleet->judged_hosts[i]->stands_by = fleet_shares(fleet->split)[i].nothing;
	return check_plan(fleet, err);
}

bool fleet_judge_all(struct fleet_run *fleet, struct error *err)
{
	const struct item_sink sink = {fleet, judge_item_in, judge_problem, fleet->stop};
	(void)err;
	fleet->memo = fleet_memo_new();
	for (size_t i = 0; i < fleet->hosts->count; i++)
		fleet->hosts->items[i]->documents = 0;
	for (size_t i = 0; i < fleet->source_count; i++)
		fleet_source_read(fleet->run->arena, &fleet->sources[i], &sink);
	if (fleet->expected)
		fleet_mark_duplicates(fleet);
	fleet_progress_end();
	return true;
}
