#include "audit/rules/example_command.h"

#include <math.h>
#include <string.h>

#include "probes/plan/command/shell.h"
#include "probes/plan/readers.h"
#include "probes/plan/workload_json.h"

enum {
	PROCESSORS = 2
};

static bool example_file(const struct plan_context *context,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	const cJSON *files = context->host;
	const cJSON *file = cJSON_GetObjectItemCaseSensitive(files, path);
	*ret_bytes = cJSON_GetStringValue(file);
	if (!*ret_bytes)
		return error_set(err, "%.200s: the example contains no such file", path);
	*ret_length = strlen(*ret_bytes);
	return true;
}

static bool example_has_file(const struct plan_context *context, const char *path)
{
	const cJSON *files = context->host;
	return cJSON_GetObjectItemCaseSensitive(files, path) != NULL;
}

static bool read_flags(struct arena *arena,
		const struct rule_example *example,
		struct workload *ret_given,
		struct error *err)
{
	*ret_given = (struct workload){0};
	return !example->workload ||
			workload_from_json(arena,
					example->source,
					example->workload,
					"example",
					ret_given,
					err);
}

static void put_findings(cJSON *document, const struct plan *plan)
{
	cJSON *findings = cJSON_AddArrayToObject(document, "findings");
	for (size_t i = 0; i < plan->finding_count; i++) {
		cJSON *finding = cJSON_CreateObject();
		(void)cJSON_AddStringToObject(finding, "id", plan->findings[i].id);
		(void)cJSON_AddStringToObject(finding, "severity", plan->findings[i].severity);
		(void)cJSON_AddStringToObject(finding, "text", plan->findings[i].text);
		(void)cJSON_AddItemToArray(findings, finding);
	}
}

static void put_read_plan(struct arena *arena,
		cJSON *document,
		struct plan *plan,
		const struct workload *given)
{
	struct error open = {0};
	workload_merge(&plan->workload, given);
	const struct loads loads = loads_of(&plan->workload);
	(void)cJSON_AddStringToObject(document, "tool", plan->tool);
	(void)cJSON_AddItemToObject(document, "workload", loads_to_json(arena, &loads));
	put_findings(document, plan);
	if (!plan_check_answers(plan, &plan->workload, &open))
		(void)cJSON_AddStringToObject(document, "asks", open.text);
}

cJSON *example_command(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example,
		struct error *err)
{
	static const struct shell_world world;
	struct workload given;
	struct shell_command *line;
	struct plan plan;
	struct error why = {0};
	size_t count;
	if (!read_flags(arena, example, &given, err) ||
			!shell_read(arena, example->command, &world, &line, &count, err))
		return NULL;
	if (count != 1)
		return error_set(err, "the example is not a single command"), NULL;
	const struct plan_context context = {.arena = arena,
			.host = (void *)(size_t)example->files,
			.rules = rules,
			.given = &given,
			.processors = PROCESSORS,
			.nofile_soft = NAN,
			.nofile_hard = NAN,
			.no_run = true,
			.read_file = example_file,
			.file_exists = example_has_file};
	bool good = plan_read(&context, line->words.items, line->words.count, &plan, &why);
	cJSON *document = cJSON_CreateObject();
	if (good)
		put_read_plan(arena, document, &plan, &given);
	else
		(void)cJSON_AddStringToObject(document, "error", why.text);
	return document;
}
