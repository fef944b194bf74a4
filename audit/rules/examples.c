/* Executes the examples of rules. The host of an example is nothing but the facts it gives. */
#include "audit/rules/examples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/document/document.h"
#include "audit/rules/example_command.h"
#include "audit/rules/example_result.h"
#include "audit/rules/presets.h"
#include "base/array.h"
#include "base/os/json.h"
#include "model/why/match.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/plan/workload_json.h"

/* Of two doubles that were computed in different ways. */
static const double EXACT_RATIO = 1e-6;

static const cJSON *element(const cJSON *array, const char *name, size_t length)
{
	static const char *const labels[] = {"id", "fix", "key", "name"};
	const cJSON *item;
	cJSON_ArrayForEach(item, array) {
		for (size_t i = 0; i < COUNT_OF(labels); i++) {
			const cJSON *label = cJSON_GetObjectItemCaseSensitive(item, labels[i]);
			if (cJSON_IsString(label) && strlen(label->valuestring) == length &&
					!memcmp(label->valuestring, name, length))
				return item;
		}
	}
	if (length && length < 6 && strspn(name, "0123456789") >= length)
		return cJSON_GetArrayItem(array, atoi(name));
	return NULL;
}

static const cJSON *child(const cJSON *node, const char *name, size_t length)
{
	if (cJSON_IsArray(node))
		return element(node, name, length);
	const cJSON *item;
	cJSON_ArrayForEach(item, node) {
		if (item->string && strlen(item->string) == length && !memcmp(item->string, name, length))
			return item;
	}
	return NULL;
}

const cJSON *example_find(const cJSON *document, const char *path)
{
	size_t longest = strlen(path);
	/* The longest name that exists: "facts.net.core.somaxconn.to" has a member with dots. */
	for (size_t length = longest; length; length--) {
		if (path[length] && path[length] != '.')
			continue;
		const cJSON *found = child(document, path, length);
		if (found)
			return path[length] ? example_find(found, path + length + 1) : found;
	}
	return NULL;
}

static const char *examples_shown(const cJSON *value, char out[120])
{
	char *printed = value ? cJSON_PrintUnformatted(value) : NULL;
	size_t length = printed ? strlen(printed) : 0;
	(void)snprintf(out, 120, "%s", printed ? printed : "nothing");
	if (length >= 120)
		(void)memcpy(out + 116, "...", 4);
	cJSON_free(printed);
	return out;
}

static bool close_to(double a, double b, double ratio)
{
	return fabs(a - b) <= ratio * fmax(fabs(a), fabs(b));
}

static bool matches_near(const cJSON *found, const cJSON *expected)
{
	const cJSON *near = cJSON_GetObjectItemCaseSensitive(expected, "near");
	const cJSON *within = cJSON_GetObjectItemCaseSensitive(expected, "within");
	struct error err = {0};
	double ratio;
	if (!cJSON_IsNumber(found) || !cJSON_IsNumber(near) || !cJSON_IsString(within) ||
			!unit_parse(within->valuestring, UNIT_RATIO, &ratio, &err))
		return false;
	return fabs(found->valuedouble - near->valuedouble) <= ratio * fabs(near->valuedouble);
}

static bool matches_range(const cJSON *found, const cJSON *expected)
{
	const cJSON *min = cJSON_GetObjectItemCaseSensitive(expected, "min");
	const cJSON *max = cJSON_GetObjectItemCaseSensitive(expected, "max");
	if (!cJSON_IsNumber(found))
		return false;
	if (!cJSON_IsNumber(min) && !cJSON_IsNumber(max))
		return false;
	if (min && !(found->valuedouble >= min->valuedouble))
		return false;
	return !max || found->valuedouble <= max->valuedouble;
}

static bool examples_matches(const cJSON *found, const cJSON *expected)
{
	const cJSON *contains = cJSON_GetObjectItemCaseSensitive(expected, "contains");
	if (cJSON_IsBool(expected) && !cJSON_IsBool(found))
		return cJSON_IsTrue(expected) == (found && !cJSON_IsNull(found));
	if (!found)
		return false;
	if (cJSON_IsNumber(expected))
		return cJSON_IsNumber(found) &&
				close_to(found->valuedouble, expected->valuedouble, EXACT_RATIO);
	if (!cJSON_IsObject(expected))
		return cJSON_Compare(found, expected, true);
	if (contains)
		return cJSON_IsString(contains) && cJSON_IsString(found) &&
				strstr(found->valuestring, contains->valuestring);
	if (cJSON_HasObjectItem(expected, "near"))
		return matches_near(found, expected);
	return matches_range(found, expected);
}

bool example_matches(const cJSON *found, const cJSON *expected, struct text *why)
{
	char wanted[120], got[120];
	if (examples_matches(found, expected))
		return true;
	text_addf(why,
			"expected %s, found %s",
			examples_shown(expected, wanted),
			examples_shown(found, got));
	return false;
}

/* One example being run, in an arena of its own. */
struct trial {
	struct arena *arena;
	const struct rules *rules;
	const struct rule_extras *extras;
	const struct rule_example *example;
	struct facts *facts;
	struct host_info host;
	struct workload workload;
	struct model_options model;
	struct error err;
};

/* Unless it says otherwise, an example names all that its host has. */
static cJSON *examples_collected(const struct rule_example *example)
{
	if (example->collected)
		return cJSON_Duplicate(example->collected, true);
	return cJSON_CreateString("complete");
}

/* Through the same strict reader as a facts file. */
static bool examples_read_facts(struct trial *trial)
{
	trial->facts = facts_new(trial->arena);
	trial->facts->whole = true;
	if (!trial->example->facts)
		return true;
	trial->facts->whole = false;
	__attribute__((cleanup(json_close_tree))) cJSON *document = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(document, "schema", FACTS_SCHEMA);
	(void)cJSON_AddItemToObject(document, "collected", examples_collected(trial->example));
	(void)cJSON_AddItemToObject(document, "facts", cJSON_Duplicate(trial->example->facts, true));
	char *printed = cJSON_PrintUnformatted(document);
	__attribute__((cleanup(json_close))) struct json *json =
			json_read("facts of the example", printed, strlen(printed), &trial->err);
	cJSON_free(printed);
	return json && facts_from_json(trial->arena, json, trial->facts, &trial->host, &trial->err);
}

static bool read_workload(struct trial *trial)
{
	const struct rule_example *example = trial->example;
	struct workload over = {0};
	if (example->kind == RULE_WORKLOAD) {
		const struct workload_preset *preset = rule_extras_preset(trial->extras, example->id);
		if (!preset || !preset_workload(trial->arena, preset, &trial->workload, &trial->err))
			return false;
	}
	if (!example->workload)
		return true;
	if (!workload_from_json(trial->arena,
				example->source,
				example->workload,
				"example",
				&over,
				&trial->err))
		return false;
	workload_merge(&trial->workload, &over);
	return true;
}

static bool examples_read_options(struct trial *trial)
{
	static const char *const members[] = {
			"max_use",
			"planning_constants",
			"pessimistic",
			NULL,
	};
	const struct json *json = trial->example->source;
	const cJSON *options = trial->example->options;
	trial->model = (struct model_options){.target = 0.75, .planning_constants = true};
	if (!options)
		return true;
	return json_check_members(json, options, members, &trial->err) &&
			json_number(json, options, "max_use", &trial->model.target, &trial->err) &&
			json_bool(json,
					options,
					"planning_constants",
					&trial->model.planning_constants,
					&trial->err) &&
			json_bool(json, options, "pessimistic", &trial->model.pessimistic, &trial->err);
}

static bool examples_compare(const struct rule_example *example,
		const cJSON *document,
		struct text *failures)
{
	const cJSON *expected;
	bool all = true;
	cJSON_ArrayForEach(expected, example->expect) {
		struct text why = {0};
		if (!example_matches(example_find(document, expected->string), expected, &why)) {
			text_addf(failures, "  %s: %s\n", expected->string, why.data);
			all = false;
		}
		text_release(&why);
	}
	return all;
}

static bool examples_judge(struct trial *trial, struct text *failures)
{
	struct result result;
	const struct loads plan = loads_of(&trial->workload);
	if (!examples_read_facts(trial) || !read_workload(trial) || !examples_read_options(trial) ||
			!model_run(trial->arena,
					trial->rules,
					trial->facts,
					&plan,
					&trial->model,
					&result,
					&trial->err)) {
		text_addf(failures, "  %s\n", trial->err.text);
		return false;
	}
	const struct document_input input = {
			.arena = trial->arena,
			.rules = trial->rules,
			.facts = trial->facts,
			.host = &trial->host,
			.model = &trial->model,
			.result = &result,
			.created = "1970-01-01T00:00:00Z",
			.argc = 0,
	};
	__attribute__((cleanup(json_close_tree))) cJSON *document = document_new(&input);
	return examples_compare(trial->example, document, failures);
}

static void examples_put_place(cJSON *document, const char *name, const struct why_place *place)
{
	cJSON *object = cJSON_AddObjectToObject(document, name);
	if (place->host)
		(void)cJSON_AddStringToObject(object, "host", place->host);
	(void)cJSON_AddNumberToObject(object, "port", place->port);
}

static cJSON *examples_line_document(const struct why_line *line)
{
	cJSON *document = cJSON_CreateObject();
	const struct rule_text_list *causes = &line->text->causes;
	(void)cJSON_AddStringToObject(document, "text", line->text->id);
	if (line->error)
		(void)cJSON_AddStringToObject(document, "error", line->error->id);
	if (line->call)
		(void)cJSON_AddStringToObject(document, "call", line->call->id);
	(void)cJSON_AddStringToObject(document, "cause", causes->items[0]);
	examples_put_place(document, "to", &line->to);
	examples_put_place(document, "local", &line->local);
	(void)cJSON_AddNumberToObject(document, "pid", (double)line->pid);
	return document;
}

/* The line of a log that an example gives. Unless it says otherwise, the rule that it stands in is
 * what the line is. */
static bool examples_match(struct trial *trial, struct text *failures)
{
	const struct rule_example *example = trial->example;
	const struct why_table *table = why_table_new(trial->arena, trial->rules);
	struct why_line line;
	if (!why_match_line(trial->arena, table, example->line, strlen(example->line), &line)) {
		text_add(failures, "  the line contains no known text\n");
		return false;
	}
	if (example->kind == RULE_TEXT && strcmp(line.text->id, example->id) != 0) {
		text_addf(failures, "  the line is taken for \"%s\"\n", line.text->id);
		return false;
	}
	__attribute__((cleanup(json_close_tree))) cJSON *document = examples_line_document(&line);
	return examples_compare(example, document, failures);
}

/* The plan of a tool's command. */
static bool examples_read_command(struct trial *trial, struct text *failures)
{
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = example_command(trial->arena, trial->rules, trial->example, &trial->err);
	if (document)
		return examples_compare(trial->example, document, failures);
	text_addf(failures, "  %s\n", trial->err.text);
	return false;
}

/* What a tool's result says. */
static bool examples_read_result(struct trial *trial, struct text *failures)
{
	const struct rule_example *example = trial->example;
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = example_result(trial->arena, trial->rules, example);
	return examples_compare(example, document, failures);
}

bool example_run(const struct rules *rules,
		const struct rule_extras *extras,
		const struct rule_example *example,
		struct text *failures)
{
	struct trial trial = {.arena = arena_new(),
			.rules = rules,
			.extras = extras,
			.example = example};
	bool passed;
	if (example->line)
		passed = examples_match(&trial, failures);
	else if (example->written)
		passed = examples_read_result(&trial, failures);
	else if (example->command)
		passed = examples_read_command(&trial, failures);
	else
		passed = examples_judge(&trial, failures);
	arena_free(trial.arena);
	return passed;
}
