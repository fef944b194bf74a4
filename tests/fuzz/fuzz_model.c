/* Fuzz target: facts and a plan through the model and into a document. The input is lines:
 *
 *   2                       which captured host
 *   +limits.nofile.soft=7   a fact is given
 *   -net.core.somaxconn     a fact was not read (all instances)
 *   connections 15000       a field of the plan, by its flag
 *   &                       another load of the plan begins, of four at most
 *   !pessimistic            or !kernel: without planning constants
 *
 * Whatever they say: the plan is refused with a text, or the document that comes out is one that is
 * opened again; a plan passes only if every limit that counts does; no number is below zero. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/document/document.h"
#include "audit/rules/rules.h"
#include "base/array.h"
#include "base/os/json_print.h"
#include "model/change.h"
#include "probes/host/facts/given.h"
#include "report/document/open.h"
#include "report/write/write.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	LINES_MAX = 60,
	LOADS_TRIED = 4
};

static const char *const trees[] = {"tests/hosts/debian-default",
		"tests/hosts/docker-publish",
		"tests/hosts/container-cgroup1",
		"tests/hosts/macos.facts.json"};

/* Read once, and never changed. */
struct ground {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
	struct facts *facts[COUNT_OF(trees)];
	struct host_info hosts[COUNT_OF(trees)];
};

struct question {
	struct arena *arena;
	struct facts *facts;
	const struct host_info *host;
	struct workload loads[LOADS_TRIED];
	size_t last; /* the load that fields are of */
	struct model_options options;
	struct error err;
};

static struct ground *ground_of_all(void)
{
	static struct ground ground;
	struct error err = {0};
	if (ground.arena)
		return &ground;
	ground.arena = arena_new();
	bool good = rules_load(ground.arena, NULL, 0, false, &ground.rules, &ground.extras, &err);
	for (size_t i = 0; good && i < COUNT_OF(trees); i++) {
		const struct host_options options = {.facts_path = trees[i]};
		ground.facts[i] = facts_new(ground.arena);
		good = host_probe(ground.arena, &options, ground.facts[i], &ground.hosts[i], &err);
		facts_sort(ground.facts[i]);
	}
	demand(good, "the hosts are read", err.text);
	return &ground;
}

static struct facts *without(struct arena *arena, const struct facts *facts, const char *key)
{
	struct facts *rest = facts_overlay(arena, facts);
	size_t kept = 0;
	for (size_t i = 0; i < rest->count; i++)
		if (strcmp(rest->items[i]->key, key) != 0)
			rest->items[kept++] = rest->items[i];
	rest->count = kept;
	return rest;
}

static void set_field(struct question *question, char *line)
{
	char flag[64], *value = strchr(line, ' ');
	if (!value)
		return;
	*value++ = '\0';
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		struct error err = {0};
		struct workload *workload = &question->loads[question->last];
		if (strcmp(workload_flag((enum workload_field)i, flag), line) != 0)
			continue;
		bool good =
				workload_set(question->arena, workload, (enum workload_field)i, value, "--x", &err);
		demand(good || *err.text, "a field is refused without a word", line);
	}
}

static void take_line(struct question *question, char *line)
{
	struct error err = {0};
	if (*line == '+')
		demand(given_set(question->facts, line + 1, &err) || *err.text,
				"a fact is refused without a word",
				line);
	else if (*line == '-')
		question->facts = without(question->arena, question->facts, line + 1);
	else if (*line == '&' && question->last + 1 < LOADS_TRIED)
		question->last++;
	else if (strcmp(line, "!pessimistic") == 0)
		question->options.pessimistic = true;
	else if (strcmp(line, "!kernel") == 0)
		question->options.planning_constants = false;
	else
		set_field(question, line);
}

static void demand_number(double value, const char *what, const char *id)
{
	demand(isnan(value) || value >= 0, what, id);
}

static void demand_limit(const struct judgement *judgement, enum verdict verdict)
{
	const char *id = judgement->rule->id;
	demand_number(judgement->demand, "a demand", id);
	demand_number(judgement->capacity, "a capacity", id);
	demand_number(judgement->utilization, "a use", id);
	demand_number(judgement->max_safe_scale, "a highest safe scale", id);
	for (size_t i = 0; i < judgement->part_count; i++)
		demand_number(judgement->parts[i].demand, "a load's part of a demand", id);
	if (verdict != VERDICT_PASS || !judgement_counts(judgement))
		return;
	demand(judgement->status != STATUS_FAIL, "a plan passes although a limit fails", id);
	demand(judgement->status != STATUS_UNKNOWN, "a plan passes although a limit is unknown", id);
}

static void demand_result(const struct result *result)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct resource *resource = &result->resources[i];
		for (size_t k = 0; k < resource->instance_count; k++)
			demand_limit(&resource->instances[k], result->verdict);
		demand_limit(&resource->worst, result->verdict);
	}
	demand_number(result->max_safe.scale, "the highest safe scale", "");
	demand_number(result->max_safe.connections, "the highest safe load", "");
}

static void write_document(const struct question *question, const struct result *result)
{
	const struct document_input input = {.arena = question->arena,
			.rules = &ground_of_all()->rules,
			.facts = question->facts,
			.host = question->host,
			.model = &question->options,
			.result = result,
			.created = "1970-01-01T00:00:00Z"};
	const struct write_options options = {.arena = question->arena, .all = true};
	struct error err = {0};
	struct text json = {0}, shown = {0};
	cJSON *document = document_new(&input);
	json_print(document, &json);
	struct json *again = document_open_bytes("again", json.data, json.length, &err);
	demand(again != NULL, "its own document is refused", err.text);
	write_terminal(json_root(again), &options, &shown);
	demand_harmless("terminal", &shown, false);
	json_free(again);
	cJSON_Delete(document);
	text_release(&json);
	text_release(&shown);
}

static void judge(struct question *question)
{
	const struct loads plan = {.items = question->loads, .count = question->last + 1};
	struct result result;
	struct error err = {0};
	facts_sort(question->facts);
	if (!model_run(question->arena,
				&ground_of_all()->rules,
				question->facts,
				&plan,
				&question->options,
				&result,
				&err)) {
		demand(*err.text != '\0', "a plan is refused without a word", "");
		return;
	}
	demand_result(&result);
	write_document(question, &result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ground *ground = ground_of_all();
	struct arena *arena = arena_new();
	char *text = arena_copy(arena, (const char *)data, size), *line;
	size_t host = (size_t)(unsigned char)*text % COUNT_OF(trees);
	struct question question = {.arena = arena,
			.facts = facts_overlay(arena, ground->facts[host]),
			.host = &ground->hosts[host],
			.options = {.target = 0.75, .planning_constants = true}};
	(void)strsep(&text, "\n");
	for (size_t i = 0; i < LINES_MAX && (line = strsep(&text, "\n")); i++)
		take_line(&question, line);
	judge(&question);
	arena_free(arena);
	return 0;
}
