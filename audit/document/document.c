/* The audit document: its head, verdict and digests. The large parts are in document_*.c. */
#include "audit/document/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cli/version.h"
#include "base/hash.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/host/facts/json.h"
#include "probes/plan/command/mask.h"
#include "probes/plan/workload_json.h"
#include "report/document/open.h"

void document_made(const struct members *put,
		cJSON *document,
		const char *created,
		char *const *argv,
		int argc)
{
	cJSON *tool = member_object(document, "tool");
	member_text(put, tool, "version", version_number());
	member_text(put, tool, "commit", version_commit());
	member_text(put, document, "created", created);
	cJSON *line = member_array(document, "command_line");
	const struct name_list words =
			mask_own_command(put->arena, (const char *const *)argv, (size_t)argc);
	for (size_t i = 0; i < words.count; i++) {
		const char *word = i ? words.items[i] : "headroom";
		(void)cJSON_AddItemToArray(line, member_text_value(put, word));
	}
}

static void put_head(const struct members *put, cJSON *document, const struct document_input *input)
{
	member_text(put, document, "schema", AUDIT_SCHEMA);
	document_made(put, document, input->created, input->argv, input->argc);
}

static bool same_assumption(const struct assumption *a, const struct assumption *b)
{
	return !strcmp(a->field, b->field) && !strcmp(a->value, b->value) &&
			!strcmp(a->source, b->source);
}

/* How many loads it was made for, and whether one of them stands before it. */
static size_t loads_that_assume(const struct result *result, size_t at, bool *ret_said)
{
	size_t count = 0;
	*ret_said = false;
	for (size_t i = 0; i < result->assumption_count; i++) {
		if (!same_assumption(&result->assumptions[i], &result->assumptions[at]))
			continue;
		count++;
		*ret_said |= i < at;
	}
	return count;
}

static cJSON *assumption_json(const struct members *put, const struct assumption *assumption)
{
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "field", assumption->field);
	member_text(put, item, "value", assumption->value);
	member_text(put, item, "source", assumption->source);
	return item;
}

/* Those of all loads once and without a name, or those of one load. */
static void put_assumptions_of(const struct members *put,
		cJSON *array,
		const struct result *result,
		bool all)
{
	for (size_t i = 0; i < result->assumption_count; i++) {
		const struct assumption *assumption = &result->assumptions[i];
		bool said;
		bool of_all = loads_that_assume(result, i, &said) >= result->loads.count;
		if (of_all != all || (of_all && said))
			continue;
		cJSON *item = assumption_json(put, assumption);
		if (!of_all)
			document_load_name(put, item, result, assumption->load);
		(void)cJSON_AddItemToArray(array, item);
	}
}

/* Of several loads first what was assumed for all of them. */
static void put_assumptions(const struct members *put, cJSON *document, const struct result *result)
{
	cJSON *array = member_array(document, "assumptions");
	if (!result)
		return;
	put_assumptions_of(put, array, result, true);
	if (result->loads.count > 1)
		put_assumptions_of(put, array, result, false);
}

static void put_coverage(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	static const char *const not_judged[] = {"CPU", "bandwidth"};
	cJSON *coverage = member_object(document, "coverage");
	const struct result *result = input->result;
	member_number(coverage, "judged", result ? (double)result->judged : 0);
	member_number(coverage, "total", (double)input->rules->limit_count);
	member_texts(put,
			coverage,
			"not_visible",
			result ? result->not_visible.items : NULL,
			result ? result->not_visible.count : 0);
	member_texts(put, coverage, "not_judged", not_judged, 2);
	(void)member_array(coverage, "estimated"); /* by whoever knows of earlier runs */
}

static void put_binding(const struct members *put, cJSON *document, const struct result *result)
{
	if (!result->binding) {
		member_null(document, "binding");
		return;
	}
	cJSON *binding = member_object(document, "binding");
	member_text(put, binding, "resource", result->binding->rule->id);
	member_text(put,
			binding,
			"instance",
			result->binding->instance ? result->binding->instance : "");
	member_text(put, binding, "title", result->binding->rule->title);
	member_text(put, binding, "phrase", limit_phrase(result->binding->rule));
}

static void put_hosts(const struct members *put, cJSON *document, const struct result *result)
{
	if (isnan(result->hosts_now) && isnan(result->hosts_after)) {
		member_null(document, "hosts_needed");
		return;
	}
	cJSON *hosts = member_object(document, "hosts_needed");
	member_number(hosts, "now", result->hosts_now);
	member_number(hosts, "after_fixes", result->hosts_after);
	member_ids(hosts, "without", result->max_safe.without);
	cJSON *groups = member_array(hosts, "groups");
	for (size_t i = 0; i < result->group_count; i++) {
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "name", result->groups[i].name);
		member_number(item, "share", result->groups[i].share);
		member_number(item, "now", result->groups[i].now);
		member_number(item, "after_fixes", result->groups[i].after_fixes);
		(void)cJSON_AddItemToArray(groups, item);
	}
}

static void put_verdict(const struct members *put, cJSON *document, const struct result *result)
{
	(void)member_load(document, "plan", &result->plan, &result->plan, true);
	put_binding(put, document, result);
	(void)member_load(document, "max_safe", &result->max_safe, &result->plan, true);
	document_at_most(put, document, result);
	document_decides(put, document, result);
	cJSON *breaks = member_load(document, "breaks", &result->breaks, &result->plan, true);
	member_text(put,
			breaks,
			"resource",
			result->breaks_first ? result->breaks_first->rule->id : NULL);
	member_number(breaks, "at_s", result->breaks_at_s);
	put_hosts(put, document, result);
}

/* Do these loads differ? */
static bool hold_is_moved(const struct load_point *was, const struct load_point *is)
{
	return was->scale < is->scale || was->scale > is->scale;
}

/* The commands of the changes that let this load grow. */
static cJSON *hold_commands(const struct members *put,
		const struct document_input *input,
		size_t at)
{
	cJSON *commands = cJSON_CreateArray();
	const struct load_point *was = &input->holds[at].result->max_safe;
	for (size_t i = 0; i < input->reach->change_count; i++) {
		const struct reach_change *change = &input->reach->changes[i];
		bool moved = hold_is_moved(was, &change->safe[at]);
		was = &change->safe[at];
		if (moved && change->fix->form.commands.count > 0)
			(void)cJSON_AddItemToArray(commands, member_text_value(put, change->fix->command));
	}
	return commands;
}

static void hold_put_limit(const struct members *put,
		cJSON *item,
		const char *id_name,
		const char *title_name,
		const struct limit_rule *rule)
{
	member_text(put, item, id_name, rule ? rule->id : NULL);
	member_text(put, item, title_name, rule ? rule->title : NULL);
}

static void hold_put(const struct members *put,
		cJSON *item,
		const struct document_input *input,
		size_t at)
{
	const struct hold *hold = &input->holds[at];
	const struct reach *reach = input->reach;
	const struct result *result = hold->result;
	const struct limit_rule *binds = result->binding ? result->binding->rule : NULL;
	member_text(put, item, "id", hold->id);
	member_text(put, item, "title", hold->title);
	member_text(put, item, "description", hold->description);
	(void)member_load(item, "max_safe", &result->max_safe, &result->plan, false);
	document_at_most(put, item, result);
	hold_put_limit(put, item, "binds", "binds_title", binds);
	cJSON *breaks = member_load(item, "breaks", &result->breaks, &result->plan, false);
	member_text(put,
			breaks,
			"resource",
			result->breaks_first ? result->breaks_first->rule->id : NULL);
	(void)member_load(item, "after_fixes", &reach->safe[at], &result->plan, false);
	hold_put_limit(put, item, "after_binds", "after_binds_title", reach->binds[at]);
	(void)member_item(item, "fix_commands", hold_commands(put, input, at));
}

static void put_holds(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	cJSON *array = member_array(document, "holds");
	for (size_t i = 0; i < input->hold_count; i++) {
		cJSON *item = cJSON_CreateObject();
		hold_put(put, item, input, i);
		(void)cJSON_AddItemToArray(array, item);
	}
	document_first_changes(put, document, input);
	document_map(put, document, input->reach->map);
}

static void put_facts(const struct members *put, cJSON *document)
{
	cJSON *array = member_array(document, "facts");
	for (size_t i = 0; i < put->facts->count; i++)
		(void)cJSON_AddItemToArray(array, fact_to_json(put->facts->items[i]));
}

/* Key, instance, status and value, with tabs between them. */
static void add_fact_line(const struct fact *fact, struct text *line)
{
	char figure[NUMBER_TEXT_MAX];
	text_add(line, fact->key);
	text_add(line, "\t");
	text_add(line, fact->instance);
	text_add(line, "\t");
	text_add(line, fact_status_name(fact->status));
	text_add(line, "\t");
	if (fact->status == FACT_KNOWN && fact->unit != UNIT_TEXT)
		text_add(line, text_plain_number(figure, fact->number));
	else if (fact->status == FACT_KNOWN && fact->text)
		text_add(line, fact->text);
	text_add(line, "\n");
}

/* Over what was found, not when: a line for each fact, sorted. */
static const char *facts_digest(const struct members *put)
{
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	struct text line = {0};
	sha256_init(&hash);
	for (size_t i = 0; i < put->facts->count; i++) {
		text_clear(&line);
		add_fact_line(put->facts->items[i], &line);
		sha256_add(&hash, line.data, line.length);
	}
	text_release(&line);
	sha256_finish(&hash, digest);
	return hex_encode(digest, sizeof digest, arena_alloc(put->arena, SHA256_HEX_MAX));
}

static void document_put_digest(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	char hex[SHA256_HEX_MAX];
	cJSON *digest = member_object(document, "digest");
	__attribute__((cleanup(text_release))) struct text workload = {0};
	const cJSON *plan = cJSON_GetObjectItemCaseSensitive(document, "workload");
	if (plan)
		json_print(plan, &workload);
	const char *workload_hex = sha256_hex(workload.data, workload.length, hex);
	member_text(put, digest, "workload", arena_strdup(put->arena, workload_hex));
	member_text(put, digest, "facts", facts_digest(put));
	member_text(put, digest, "rules", input->rules->digest);
}

static void put_rules(const struct members *put, cJSON *document, const struct rules *rules)
{
	cJSON *object = member_object(document, "rules");
	member_text(put, object, "version", rules->version);
	member_number(object, "limits", (double)rules->limit_count);
	member_number(object, "fixes", (double)rules->fix_count);
	member_number(object, "myths", (double)rules->myth_count);
}

static void put_plan(const struct members *put, cJSON *document, const struct document_input *input)
{
	const struct result *result = input->result;
	(void)member_item(document,
			"workload",
			result ? loads_to_json(put->arena, &result->loads) : cJSON_CreateNull());
	member_text(put,
			document,
			"workload_title",
			result ? document_plan_title(put->arena, result) : NULL);
	put_assumptions(put, document, result);
	member_number(document, "target_utilization", input->model->target);
	member_bool(document, "planning_constants", input->model->planning_constants);
	member_text(put, document, "verdict", verdict_name(result ? result->verdict : VERDICT_NONE));
	member_text(put,
			document,
			"headline",
			result ? result->headline : "No load test was given: this is what the host can carry.");
	put_coverage(put, document, input);
	member_number(document, "warnings", result ? (double)result->warnings : 0);
}

cJSON *document_new(const struct document_input *input)
{
	const struct members put = {input->arena, input->result ? input->result->facts : input->facts};
	cJSON *document = cJSON_CreateObject();
	put_head(&put, document, input);
	(void)member_item(document, "host", host_to_json(input->host));
	put_plan(&put, document, input);
	if (input->result) {
		put_verdict(&put, document, input->result);
		document_loads(&put, document, input);
		document_resources(&put, document, input->result);
		document_fixes(&put, document, input->result);
		document_sizing(document, input->result);
		document_timeline(&put, document, input->result);
		document_map(&put, document, input->result->map);
	} else {
		document_idle_resources(&put, document, input);
		put_holds(&put, document, input);
	}
	(void)member_item(document, "calibration", document_calibration(&put, input->calibration_set));
	document_findings(&put, document, input);
	document_trust(&put, document, input);
	document_hits(&put, document, input->rules);
	put_facts(&put, document);
	put_rules(&put, document, input->rules);
	document_foreign(&put, document, input->foreign);
	member_null(document, "gate");
	member_null(document, "run");
	document_put_digest(&put, document, input);
	return document;
}
