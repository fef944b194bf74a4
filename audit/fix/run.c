/* Judges what the command line of headroom fix names, and reads the values to set. */
#include "audit/fix/run.h"

#include <string.h>

#include "audit/fix/emit_files.h"
#include "audit/fix/values.h"
#include "audit/output/redact.h"
#include "audit/run/plan_file.h"
#include "probes/plan/workload_json.h"
#include "report/document/open.h"
#include "report/document/view.h"

/* A workload need not name its schema: a file without one is a workload if it can be read as one.
 */
static bool fix_run_check_workload(struct arena *arena,
		const char *name,
		const struct json *json,
		struct error *err)
{
	const char *schema = view_raw(json_root(json), "schema");
	struct loads plan;
	struct error why = {0};
	if (workload_schema_is_read(schema))
		return true;
	if (*schema)
		return error_set(err,
				"%.200s is neither an audit document nor a workload: its schema is \"%.60s\"",
				name,
				schema);
	if (loads_from_json(arena, json, json_root(json), NULL, &plan, &why))
		return true;
	return error_set(err,
			"%.200s is neither an audit document (no \"schema\") nor a workload: %s",
			name,
			why.text);
}

/* A file may be an audit document or a workload. It is read once: it may be a pipe. */
static bool fix_run_read(struct fix_run *fix,
		struct arena *arena,
		const char *name,
		struct error *err)
{
	struct json *json = json_read_file(name, err);
	if (!json)
		return false;
	if (!document_is_audit(json_root(json))) {
		fix->workload = json;
		return fix_run_check_workload(arena, name, json, err);
	}
	fix->json = json;
	fix->audit = json_root(json);
	return document_check(json, name, err);
}

static const char *fix_run_argument(const struct options *options)
{
	if (!options->arguments.count)
		return NULL;
	return options->arguments.items[0];
}

static bool fix_run_judge(const struct run *run, struct fix_run *fix, struct error *err)
{
	struct loads plan;
	struct result result;
	bool given;
	if (!pipeline_open(run, &fix->pipeline, err))
		return false;
	fix->pipeline.named = fix->workload;
	if (!pipeline_plan(&fix->pipeline, fix_run_argument(run->options), &plan, &given, err))
		return false;
	if (!given)
		return error_set(err,
				"fix needs a plan or a saved audit. Example: headroom fix ws-client --connections "
				"15000");
	if (!pipeline_judge(&fix->pipeline, &plan, &result, err))
		return false;
	fix->owned = pipeline_document(&fix->pipeline, &result, err);
	fix->audit = fix->owned;
	return fix->owned;
}

/* Values are taken from the redacted document: their files name hosts as well. */
static void fix_redact(const struct run *run, struct fix_run *fix)
{
	cJSON *copy = NULL;
	fix->audit = redact_shown(run, fix->audit, &copy);
	cJSON_Delete(fix->owned);
	fix->owned = copy;
}

bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err)
{
	const struct options *options = run->options;
	const char *name = fix_run_argument(options);
	const char *date;
	*ret_fix = (struct fix_run){0};
	bool may_be_audit = name && !options->load_count && pipeline_names_file(name) &&
			!plan_file_is_named(name);
	if (may_be_audit && !fix_run_read(ret_fix, run->arena, name, err))
		return false;
	if (ret_fix->json && (options->workload_flags || options->facts_path || options->child.count))
		return error_set(err,
				"%.200s is a finished audit; leave out workload flags and --facts, or name a "
				"workload instead",
				name);
	if (!ret_fix->json && !fix_run_judge(run, ret_fix, err))
		return false;
	if (options->redact && !options->fix.apply)
		fix_redact(run, ret_fix);
	return emit_files_date(run->arena, ret_fix->audit, &date, err) &&
			fix_values_from(run->arena, ret_fix->audit, options->unit, date, &ret_fix->values, err);
}

void fix_close(struct fix_run *fix)
{
	cJSON_Delete(fix->owned);
	json_free(fix->json);
	json_free(fix->workload);
	pipeline_close(&fix->pipeline);
}
