/* headroom.fleet/1: plan, hosts, classes, path. */
#include <math.h>
#include <string.h>

#include "audit/document/document.h"
#include "audit/document/request.h"
#include "audit/fleet/fleet.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"
#include "report/document/member.h"

struct fleet_page {
	const struct fleet_run *fleet;
	struct members put;
	struct fleet_counts counts;
	cJSON *document;
};

static void fleet_put_text(const struct fleet_page *page,
		cJSON *object,
		const char *name,
		const char *text)
{
	member_text(&page->put, object, name, text);
}

static void fleet_put_head(const struct fleet_page *page)
{
	const struct fleet_run *fleet = page->fleet;
	const struct run *run = fleet->run;
	fleet_put_text(page, page->document, "schema", "headroom.fleet/1");
	document_made(&page->put, page->document, fleet->pipeline.created, run->argv, run->argc);
}

/* --- verdict --- */

static const char *hosts_word(size_t count)
{
	if (count == 1)
		return "host";
	return "hosts";
}

static void fleet_add_clause(struct text *text, size_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	if (text->length > 0)
		text_add(text, ", ");
	text_addf(text, "%zu %s", count, count == 1 ? one : many);
}

/* What keeps the fleet from passing, beside hosts that fail. */
static const char *what_is_not_known(const struct fleet_page *page)
{
	const struct fleet_counts *counts = &page->counts;
	struct text text = {0};
	fleet_add_clause(&text, counts->missing, "did not answer", "did not answer");
	fleet_add_clause(&text,
			counts->broken,
			"gave an unreadable answer",
			"gave an unreadable answer");
	fleet_add_clause(&text, counts->unknown, "cannot be judged", "cannot be judged");
	if (page->fleet->expected)
		fleet_add_clause(&text,
				counts->duplicate,
				"is a machine that also answered under another name",
				"are machines that also answered under another name");
	if (page->fleet->ended_in_error) {
		text_add(&text, text.length > 0 ? ", and " : "");
		text_add(&text, "a source ended in an error");
	}
	return text_take(page->put.arena, &text);
}

static const char *together_text(struct arena *arena, const char *rest)
{
	static const char text[] =
			"Each host can carry its share, but together they exhaust the NAT that they share";
	if (!*rest)
		return arena_printf(arena, "%s.", text);
	return arena_printf(arena, "%s; %s.", text, rest);
}

static const char *headline_text(const struct fleet_page *page, enum verdict verdict)
{
	struct arena *arena = page->put.arena;
	const struct fleet_counts *counts = &page->counts;
	size_t all = page->fleet->hosts->count;
	const char *rest = what_is_not_known(page);
	if (page->fleet->stopped)
		return arena_printf(arena, "Stopped after %zu documents.", page->fleet->documents);
	if (verdict == VERDICT_FAIL && counts->failed == 0)
		return together_text(arena, rest);
	if (verdict == VERDICT_FAIL && *rest)
		return arena_printf(arena,
				"%zu of %zu %s cannot carry their share; %s.",
				counts->failed,
				all,
				hosts_word(all),
				rest);
	if (verdict == VERDICT_FAIL)
		return arena_printf(arena,
				"%zu of %zu %s cannot carry %s share.",
				counts->failed,
				all,
				hosts_word(all),
				counts->failed == 1 ? "its" : "their");
	if (verdict == VERDICT_PASS)
		return arena_printf(arena,
				"%s %zu %s can carry %s share.",
				counts->passed == 1 ? "The" : "All",
				counts->passed,
				hosts_word(counts->passed),
				counts->passed == 1 ? "its" : "their");
	if (all == 0)
		return arena_printf(arena, "No host answered%s%s.", *rest ? ": " : "", rest);
	if (counts->passed == 0)
		return arena_printf(arena,
				"No host could be judged: of %zu expected or seen, %s.",
				all,
				rest);
	if (counts->passed == 1)
		return arena_printf(arena,
				"Cannot tell: of %zu %s, %s. One can carry its share.",
				all,
				hosts_word(all),
				rest);
	return arena_printf(arena,
			"Cannot tell: of %zu %s, %s. The other %zu can carry their share.",
			all,
			hosts_word(all),
			rest,
			counts->passed);
}

static void put_counts(const struct fleet_page *page)
{
	const struct fleet_counts *counts = &page->counts;
	const struct {
		const char *name;
		size_t count;
	} rows[] = {
			{"answered", counts->answered},
			{"passed", counts->passed},
			{"failed", counts->failed},
			{"unknown", counts->unknown},
			{"missing", counts->missing},
			{"stale", counts->stale},
			{"duplicate", counts->duplicate},
			{"broken", counts->broken},
			{"standing_by", counts->standing_by},
			{"unexpected", page->fleet->unexpected_count},
	};
	cJSON *object = member_object(page->document, "counts");
	member_number(object, "hosts", (double)page->fleet->hosts->count);
	member_number(object,
			"expected",
			page->fleet->expected ? (double)page->fleet->hosts->expected : (double)NAN);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		member_number(object, rows[i].name, (double)rows[i].count);
}

static bool fleet_is_worse(enum verdict verdict,
		const struct judged *judged,
		const struct judged *than)
{
	if (!judged || !judged->binding)
		return false;
	if (verdict == VERDICT_FAIL && judged->verdict != VERDICT_FAIL)
		return false;
	return !than || isnan(than->use) || judged->use > than->use;
}

/* The limit that is named first: the fullest of those that fail, or of all. */
static const struct judged *leading(const struct fleet_run *fleet, enum verdict verdict)
{
	const struct judged *worst = NULL;
	for (size_t i = 0; i < fleet->judged_count; i++) {
		const struct fleet_record *record = fleet->judged_hosts[i];
		if (record->state == HOST_JUDGED && fleet_is_worse(verdict, record->judged, worst))
			worst = record->judged;
	}
	return worst;
}

static const char *limit_title(const struct fleet_run *fleet, const char *id)
{
	const struct limit_rule *rule = id ? rules_limit(&fleet->pipeline.rules, id) : NULL;
	if (!rule)
		return NULL;
	return rule->title;
}

static void put_limit_name(const struct fleet_page *page,
		cJSON *object,
		const char *name,
		const char *id)
{
	if (!id) {
		member_null(object, name);
		return;
	}
	cJSON *limit = member_object(object, name);
	fleet_put_text(page, limit, "resource", id);
	fleet_put_text(page, limit, "title", limit_title(page->fleet, id));
}

static void fleet_put_verdict(const struct fleet_page *page)
{
	enum verdict verdict = fleet_verdict(page->fleet);
	const struct judged *worst = leading(page->fleet, verdict);
	fleet_put_text(page, page->document, "verdict", verdict_name(verdict));
	fleet_put_text(page, page->document, "headline", headline_text(page, verdict));
	put_limit_name(page, page->document, "binding", worst ? worst->binding : NULL);
	member_number(page->document, "use", worst ? worst->use : (double)NAN);
	put_counts(page);
	member_number(page->document, "max_age_s", page->fleet->pipeline.model.max_age_s);
	member_number(page->document, "target_utilization", page->fleet->pipeline.model.target);
	member_bool(page->document, "source_error", page->fleet->ended_in_error);
	member_bool(page->document, "stopped", page->fleet->stopped);
	member_bool(page->document, "egress_exceeded", fleet_exceeds_egress(page->fleet));
}

/* When the oldest and the newest facts that were judged are from. */
static void fleet_put_times(const struct fleet_page *page)
{
	const char *first = NULL, *last = NULL;
	for (size_t i = 0; i < page->fleet->judged_count; i++) {
		const struct fleet_record *record = page->fleet->judged_hosts[i];
		if (record->state != HOST_JUDGED || !record->as_of[0])
			continue;
		if (!first || strcmp(record->as_of, first) < 0)
			first = record->as_of;
		if (!last || strcmp(record->as_of, last) > 0)
			last = record->as_of;
	}
	fleet_put_text(page, page->document, "as_of", first);
	fleet_put_text(page, page->document, "as_of_last", last);
}

/* --- plan and shares --- */

/* Of each kind of share the first host's. */
static void put_shares(const struct fleet_page *page)
{
	const struct fleet_run *fleet = page->fleet;
	cJSON *array = member_array(page->document, "shares");
	size_t kinds = fleet->split ? fleet_kinds(fleet->split) : 0;
	bool *seen = arena_alloc(page->put.arena, kinds + 1);
	for (size_t i = 0; fleet->split && i < fleet->judged_count; i++) {
		const struct fleet_share *share = &fleet_shares(fleet->split)[i];
		if (seen[share->kind])
			continue;
		seen[share->kind] = true;
		const struct loads plan = fleet_plan_of(page->put.arena, fleet->split, i);
		cJSON *item = cJSON_CreateObject();
		member_number(item, "kind", (double)share->kind);
		fleet_put_text(page, item, "role", fleet_role_name(share->role));
		member_number(item, "part", share->part);
		member_bool(item, "nothing", share->nothing);
		(void)member_item(item, "workload", loads_to_json(page->put.arena, &plan));
		(void)cJSON_AddItemToArray(array, item);
	}
}

static const char *fleet_plan_title(const struct fleet_page *page)
{
	struct arena *arena = page->put.arena;
	const struct fleet_run *fleet = page->fleet;
	const struct judged *judged = NULL;
	const char *name = loads_plan_name(arena, &fleet->plan);
	for (size_t i = 0; i < fleet->judged_count && !judged; i++)
		judged = fleet->judged_hosts[i]->judged;
	if (!name)
		name = "the plan";
	return name;
}

static void fleet_put_plan(const struct fleet_page *page)
{
	(void)member_item(page->document,
			"workload",
			loads_to_json(page->put.arena, &page->fleet->plan));
	fleet_put_text(page, page->document, "workload_title", fleet_plan_title(page));
	put_shares(page);
}

/* --- path --- */

static struct path_reach reach_now(const struct judged *judged)
{
	return (struct path_reach){
			.scale = judged->safe.scale,
			.at_most = judged->at_most,
			.limit = judged->binding,
	};
}

/* A host that fails goes as far as the fixes of the fullest host of its class let it; without an
 * audit of its class nobody knows. */
static struct path_reach reach_after_fixes(const struct judged *judged)
{
	if (judged->verdict != VERDICT_FAIL)
		return reach_now(judged);
	if (judged->traits->audit)
		return judged->traits->after;
	return (struct path_reach){(double)NAN, true, NULL};
}

/* Of the NAT that all hosts go out through. */
static struct path_reach reach_shared(const struct fleet_run *fleet, const struct judged *judged)
{
	struct path_reach reach = {(double)NAN, false, NULL};
	if (!fleet->shares_egress || isnan(judged->egress_scale))
		return reach;
	reach.scale = judged->egress_scale;
	reach.limit = "egress-nat";
	return reach;
}

static struct path fleet_path(const struct fleet_page *page)
{
	const struct fleet_run *fleet = page->fleet;
	struct arena *arena = page->put.arena;
	struct path_host *hosts = arena_alloc(arena, (fleet->judged_count + 1) * sizeof *hosts);
	size_t count = 0;
	for (size_t i = 0; fleet->split && i < fleet->judged_count; i++) {
		const struct fleet_record *record = fleet->judged_hosts[i];
		const struct fleet_share *share = &fleet_shares(fleet->split)[i];
		if (share->nothing)
			continue;
		bool judged = record->state == HOST_JUDGED && record->judged;
		hosts[count++] = (struct path_host){
				.role = share->role,
				.judged = judged,
				.part = share->part,
				.connections = judged ? record->judged->plan.connections : (double)NAN,
				.now = judged ? reach_now(record->judged)
							  : (struct path_reach){(double)NAN, true, NULL},
				.after = {(double)NAN, false, NULL},
				.shared_after = {(double)NAN, false, NULL},
		};
		if (!judged)
			continue;
		hosts[count - 1].after = reach_after_fixes(record->judged);
		hosts[count - 1].shared_now = reach_shared(fleet, record->judged);
		hosts[count - 1].shared_after =
				hosts[count - 1].shared_now; /* no host's setting moves it */
	}
	return path_through(hosts, count);
}

static void put_reach(const struct fleet_page *page,
		cJSON *object,
		const char *name,
		const struct path_reach *reach)
{
	cJSON *item = member_object(object, name);
	member_number(item, "scale", reach->scale);
	member_bool(item, "at_most", reach->at_most);
	fleet_put_text(page, item, "limit", reach->limit);
	fleet_put_text(page, item, "title", limit_title(page->fleet, reach->limit));
}

static void put_stage(const struct fleet_page *page,
		cJSON *stages,
		const struct path *path,
		enum path_end end)
{
	const struct path_stage *stage = &path->stages[end];
	if (!stage->given)
		return;
	cJSON *item = cJSON_CreateObject();
	fleet_put_text(page, item, "end", path_end_name(end));
	fleet_put_text(page, item, "role", fleet_role_name(stage->role));
	member_number(item, "hosts", (double)stage->hosts);
	member_number(item, "unknown", (double)stage->unknown);
	member_number(item, "least", stage->least);
	member_number(item, "most", stage->most);
	member_bool(item, "narrowest", path->narrowest_now == end);
	member_bool(item, "narrowest_after", path->narrowest_after == end);
	put_reach(page, item, "now", &stage->now);
	put_reach(page, item, "after", &stage->after);
	(void)cJSON_AddItemToArray(stages, item);
}

static void put_path(const struct fleet_page *page)
{
	const struct path path = fleet_path(page);
	cJSON *object = member_object(page->document, "path");
	cJSON *stages = member_array(object, "stages");
	for (size_t i = 0; i < PATH_ENDS; i++)
		put_stage(page, stages, &path, (enum path_end)i);
	put_reach(page, object, "now", &path.now);
	put_reach(page, object, "after", &path.after);
}

/* --- hosts --- */

static const char *state_name(const struct fleet_record *record)
{
	switch (record->state) {
	case HOST_JUDGED:
		if (!record->judged)
			return "standing-by";
		if (record->too_old)
			return "stale";
		return "judged";
	case HOST_BROKEN:
		return "broken";
	case HOST_DUPLICATE:
		return "duplicate";
	case HOST_MISSING:
		break;
	}
	return "missing";
}

static enum verdict host_verdict(const struct fleet_record *record)
{
	if (record->state == HOST_JUDGED && record->judged)
		return record->judged->verdict;
	if (record->state == HOST_JUDGED)
		return VERDICT_NONE;
	return VERDICT_UNKNOWN;
}

static enum fleet_role fleet_role_of(const struct fleet_run *fleet,
		const struct fleet_record *record)
{
	bool shares = fleet->split && record->state != HOST_DUPLICATE;
	if (!shares)
		return record->role;
	return fleet_shares(fleet->split)[record->place].role;
}

static void put_host_result(const struct fleet_page *page,
		cJSON *item,
		const struct fleet_record *record)
{
	const struct fleet_run *fleet = page->fleet;
	const struct judged *judged = record->judged;
	size_t class = fleet->class_of[record->place];
	fleet_put_text(page,
			item,
			"class",
			class < fleet->classes.count ? fleet->classes.items[class].name : NULL);
	member_number(item, "share", (double)fleet_shares(fleet->split)[record->place].kind);
	fleet_put_text(page, item, "limit", judged->binding);
	member_number(item, "use", judged->use);
	(void)member_load(item, "max_safe", &judged->safe, &judged->plan, true);
	if (judged->hypothetical > 0)
		member_number(item, "hypothetical", (double)judged->hypothetical);
}

static void put_command(const struct fleet_page *page,
		cJSON *item,
		const struct fleet_record *record)
{
	const char *why;
	const char *line = fleet_command_line(page->put.arena, page->fleet, record, &why);
	fleet_put_text(page, item, "command", line);
	if (why)
		fleet_put_text(page, item, "command_why", why);
}

static void fleet_put_host(const struct fleet_page *page,
		cJSON *array,
		const struct fleet_record *record)
{
	cJSON *item = cJSON_CreateObject();
	fleet_put_text(page, item, "name", record->name);
	fleet_put_text(page, item, "role", fleet_role_name(fleet_role_of(page->fleet, record)));
	fleet_put_text(page, item, "group", record->group);
	member_number(item, "weight", record->weight);
	fleet_put_text(page, item, "state", state_name(record));
	fleet_put_text(page, item, "verdict", verdict_name(host_verdict(record)));
	if (record->state == HOST_JUDGED) {
		fleet_put_text(page, item, "as_of", record->as_of[0] ? record->as_of : NULL);
		member_number(item, "age_s", record->age_s);
		fleet_put_text(page, item, "where", record->where);
	}
	if (record->documents > 1)
		member_number(item, "documents", (double)record->documents);
	if (record->state == HOST_DUPLICATE)
		fleet_put_text(page, item, "same_as", record->same->name);
	else if (record->state == HOST_JUDGED && record->judged)
		put_host_result(page, item, record);
	if (record->why)
		fleet_put_text(page, item, "why", record->why);
	if (page->fleet->commands)
		put_command(page, item, record);
	(void)cJSON_AddItemToArray(array, item);
}

static void put_all_hosts(const struct fleet_page *page)
{
	cJSON *array = member_array(page->document, "hosts");
	for (size_t i = 0; i < page->fleet->hosts->count; i++)
		fleet_put_host(page, array, page->fleet->hosts->items[i]);
	member_texts(&page->put,
			page->document,
			"unexpected",
			page->fleet->unexpected.items,
			page->fleet->unexpected.count);
}

static void put_problems(const struct fleet_page *page)
{
	cJSON *array = member_array(page->document, "problems");
	for (size_t i = 0; i < page->fleet->problem_count && i < FLEET_PROBLEMS_MAX; i++) {
		const struct fleet_problem *problem = &page->fleet->problems[i];
		cJSON *item = cJSON_CreateObject();
		fleet_put_text(page, item, "where", problem->where);
		fleet_put_text(page, item, "why", problem->why);
		member_bool(item, "ends", problem->ends);
		(void)cJSON_AddItemToArray(array, item);
	}
	member_number(page->document, "problem_count", (double)page->fleet->problem_count);
}

static void fleet_put_limits(const struct fleet_page *page)
{
	const struct rules *rules = &page->fleet->pipeline.rules;
	cJSON *array = member_array(page->document, "limits");
	for (size_t i = 0; i < rules->limit_count; i++) {
		cJSON *item = cJSON_CreateObject();
		fleet_put_text(page, item, "id", rules->limits[i].id);
		fleet_put_text(page, item, "title", rules->limits[i].title);
		(void)cJSON_AddItemToArray(array, item);
	}
}

cJSON *fleet_document(const struct fleet_run *fleet)
{
	const struct fleet_page page = {
			.fleet = fleet,
			.put = {.arena = fleet->run->arena},
			.counts = fleet_count(fleet),
			.document = cJSON_CreateObject(),
	};
	fleet_put_head(&page);
	fleet_put_verdict(&page);
	fleet_put_times(&page);
	fleet_put_plan(&page);
	put_path(&page);
	fleet_put_split(fleet, page.put.arena, page.document);
	fleet_put_limits(&page);
	fleet_put_classes(fleet, &page.put, page.document);
	put_all_hosts(&page);
	fleet_put_text(&page, page.document, "commands_why", fleet->commands_why);
	put_problems(&page);
	request_put(page.put.arena, page.document, fleet->run->options);
	return page.document;
}
