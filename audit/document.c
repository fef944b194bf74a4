/* The audit document: its head, verdict and digests. The large parts are in document_*.c. */
#include "audit/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/version.h"
#include "model/sha256.h"
#include "model/text.h"
#include "probes/host/facts_json.h"

/* user:password@ of a URL is masked: the command line goes into reports. */
static const char *masked(struct arena *arena, const char *argument)
{
	const char *scheme = strstr(argument, "://");
	if (!scheme)
		return argument;
	const char *begin = scheme + 3, *end = begin + strcspn(begin, "/?#");
	const char *at = NULL;
	for (const char *c = begin; c < end; c++)
		at = *c == '@' ? c : at;
	return at ? arena_printf(arena, "%.*s***%s", (int)(begin - argument), argument, at) : argument;
}

static void put_head(const struct put *put, cJSON *document, const struct document_input *input)
{
	put_text(put, document, "schema", "headroom.audit/1");
	cJSON *tool = put_object(document, "tool");
	put_text(put, tool, "version", version_number());
	put_text(put, tool, "commit", version_commit());
	put_text(put, document, "created", input->created);
	cJSON *line = put_array(document, "command_line");
	for (int i = 0; i < input->argc; i++) {
		const char *argument = i ? masked(put->arena, input->argv[i]) : "headroom";
		(void)cJSON_AddItemToArray(line, put_text_value(put, argument));
	}
}

static void put_assumptions(const struct put *put, cJSON *document, const struct result *result)
{
	cJSON *array = put_array(document, "assumptions");
	for (size_t i = 0; result && i < result->assumption_count; i++) {
		cJSON *item = cJSON_CreateObject();
		put_text(put, item, "field", result->assumptions[i].field);
		put_text(put, item, "value", result->assumptions[i].value);
		put_text(put, item, "source", result->assumptions[i].source);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void put_coverage(const struct put *put, cJSON *document, const struct document_input *input)
{
	static const char *const not_judged[] = {"CPU", "bandwidth"};
	cJSON *coverage = put_object(document, "coverage");
	const struct result *result = input->result;
	put_number(coverage, "judged", result ? (double)result->judged : 0);
	put_number(coverage, "total", (double)input->rules->limit_count);
	put_texts(put, coverage, "not_visible", result ? result->not_visible.items : NULL,
	          result ? result->not_visible.count : 0);
	put_texts(put, coverage, "not_judged", not_judged, 2);
}

static void put_binding(const struct put *put, cJSON *document, const struct result *result)
{
	if (!result->binding) {
		put_null(document, "binding");
		return;
	}
	cJSON *binding = put_object(document, "binding");
	put_text(put, binding, "resource", result->binding->rule->id);
	put_text(put, binding, "instance", result->binding->instance ? result->binding->instance : "");
	put_text(put, binding, "title", result->binding->rule->title);
}

static void put_hosts(const struct put *put, cJSON *document, const struct result *result)
{
	if (isnan(result->hosts_now) && isnan(result->hosts_after)) {
		put_null(document, "hosts_needed");
		return;
	}
	cJSON *hosts = put_object(document, "hosts_needed");
	put_number(hosts, "now", result->hosts_now);
	put_number(hosts, "after_fixes", result->hosts_after);
	cJSON *groups = put_array(hosts, "groups");
	for (size_t i = 0; i < result->group_count; i++) {
		cJSON *item = cJSON_CreateObject();
		put_text(put, item, "name", result->groups[i].name);
		put_number(item, "share", result->groups[i].share);
		put_number(item, "now", result->groups[i].now);
		put_number(item, "after_fixes", result->groups[i].after_fixes);
		(void)cJSON_AddItemToArray(groups, item);
	}
}

static void put_verdict(const struct put *put, cJSON *document, const struct result *result)
{
	(void)put_load(document, "plan", &result->plan, &result->plan, true);
	put_binding(put, document, result);
	(void)put_load(document, "max_safe", &result->max_safe, &result->plan, true);
	cJSON *breaks = put_load(document, "breaks", &result->breaks, &result->plan, true);
	put_text(put, breaks, "resource", result->breaks_first ? result->breaks_first->rule->id : NULL);
	put_number(breaks, "at_s", result->breaks_at_s);
	put_hosts(put, document, result);
}

static void put_waivers(const struct put *put, cJSON *document, const struct model_options *model)
{
	cJSON *array = put_array(document, "waivers");
	for (size_t i = 0; i < model->waiver_count; i++) {
		cJSON *item = cJSON_CreateObject();
		put_text(put, item, "id", model->waivers[i].id);
		put_text(put, item, "justification", model->waivers[i].justification);
		put_text(put, item, "expires", model->waivers[i].expires);
		put_bool(item, "expired", model->waivers[i].expired);
		(void)cJSON_AddItemToArray(array, item);
	}
	put_texts(put, document, "ignored", model->ignore, model->ignore_count);
}

static void put_holds(const struct put *put, cJSON *document, const struct document_input *input)
{
	cJSON *array = put_array(document, "holds");
	for (size_t i = 0; i < input->hold_count; i++) {
		const struct hold *hold = &input->holds[i];
		const struct result *result = hold->result;
		const struct fix *last = NULL;
		cJSON *item = cJSON_CreateObject(), *commands = cJSON_CreateArray();
		for (size_t k = 0; k < result->fix_count; k++) {
			if (!result->fixes[k].in_ladder || !result->fixes[k].command)
				continue;
			last = &result->fixes[k];
			(void)cJSON_AddItemToArray(commands, put_text_value(put, last->command));
		}
		put_text(put, item, "id", hold->id);
		put_text(put, item, "title", hold->title);
		put_text(put, item, "description", hold->description);
		(void)put_load(item, "max_safe", &result->max_safe, &result->plan, false);
		put_text(put, item, "binds", result->binding ? result->binding->rule->id : NULL);
		put_text(put, item, "binds_title", result->binding ? result->binding->rule->title : NULL);
		cJSON *breaks = put_load(item, "breaks", &result->breaks, &result->plan, false);
		put_text(put, breaks, "resource", result->breaks_first ? result->breaks_first->rule->id : NULL);
		(void)put_load(item, "after_fixes", last ? &last->after : &result->max_safe, &result->plan, false);
		(void)put_item(item, "fix_commands", commands);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void put_facts(const struct put *put, cJSON *document)
{
	cJSON *array = put_array(document, "facts");
	for (size_t i = 0; i < put->facts->count; i++)
		(void)cJSON_AddItemToArray(array, fact_to_json(put->facts->items[i]));
}

/* Over what was found, not when: key, instance, status and value of each fact, sorted. */
static const char *facts_digest(const struct put *put)
{
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	struct text line = {0};
	sha256_init(&hash);
	for (size_t i = 0; i < put->facts->count; i++) {
		const struct fact *fact = put->facts->items[i];
		char figure[NUMBER_TEXT_MAX];
		const char *value = fact->unit == UNIT_TEXT ? fact->text : text_plain_number(figure, fact->number);
		text_clear(&line);
		text_addf(&line, "%s\t%s\t%s\t%s\n", fact->key, fact->instance, fact_status_name(fact->status),
		          fact->status == FACT_KNOWN && value ? value : "");
		sha256_add(&hash, line.data, line.length);
	}
	text_release(&line);
	sha256_finish(&hash, digest);
	char *hex = arena_alloc(put->arena, SHA256_HEX_MAX);
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	return hex;
}

static void put_digest(const struct put *put, cJSON *document, const struct document_input *input)
{
	char hex[SHA256_HEX_MAX];
	cJSON *digest = put_object(document, "digest");
	char *workload = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(document, "workload"));
	put_text(put, digest, "workload",
	         arena_strdup(put->arena, sha256_hex(workload, workload ? strlen(workload) : 0, hex)));
	cJSON_free(workload);
	put_text(put, digest, "facts", facts_digest(put));
	put_text(put, digest, "rules", input->rules->version);
}

static void put_rules(const struct put *put, cJSON *document, const struct rules *rules)
{
	cJSON *object = put_object(document, "rules");
	put_text(put, object, "version", rules->version);
	put_number(object, "limits", (double)rules->limit_count);
	put_number(object, "fixes", (double)rules->fix_count);
	put_number(object, "myths", (double)rules->myth_count);
}

static void put_plan(const struct put *put, cJSON *document, const struct document_input *input)
{
	const struct result *result = input->result;
	(void)put_item(document, "workload",
	               result ? document_workload(put, &result->workload) : cJSON_CreateNull());
	put_text(put, document, "workload_title",
	         result ? document_workload_title(put->arena, &result->workload) : NULL);
	put_assumptions(put, document, result);
	put_number(document, "target_utilization", input->model->target);
	put_bool(document, "planning_constants", input->model->planning_constants);
	put_text(put, document, "verdict", verdict_name(result ? result->verdict : VERDICT_NONE));
	put_text(put, document, "headline", result ? result->headline
	                                           : "No load test was named: this is what the host holds.");
	put_coverage(put, document, input);
	put_number(document, "warnings", result ? (double)result->warnings : 0);
}

cJSON *document_new(const struct document_input *input)
{
	const struct put put = {input->arena, input->result ? input->result->facts : input->facts};
	cJSON *document = cJSON_CreateObject();
	put_head(&put, document, input);
	(void)put_item(document, "host", host_to_json(input->host));
	put_plan(&put, document, input);
	if (input->result) {
		put_verdict(&put, document, input->result);
		document_resources(&put, document, input->result);
		document_fixes(&put, document, input->result);
		document_timeline(document, &input->result->timeline);
	} else {
		document_idle_resources(&put, document, input);
		put_holds(&put, document, input);
	}
	(void)put_array(document, "calibration");
	document_findings(&put, document, input);
	put_waivers(&put, document, input->model);
	document_hits(&put, document, input->rules);
	put_facts(&put, document);
	put_rules(&put, document, input->rules);
	put_null(document, "gate");
	put_digest(&put, document, input);
	return document;
}
