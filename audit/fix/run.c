/* Judges what the command line of headroom fix names, and reads the values to set. */
#include "audit/fix/run.h"

#include <string.h>

#include "audit/fix/emit_files.h"
#include "audit/fix/values.h"
#include "report/document/view.h"

/* An audit document that was kept, or NULL without an error: the argument is something else. */
static bool fix_run_read_document(const char *name, struct json **ret_json, struct error *err)
{
	size_t length = name ? strlen(name) : 0;
	*ret_json = NULL;
	if (length < 6 || strcmp(name + length - 5, ".json") != 0)
		return true;
	struct json *json = json_read_file(name, err);
	if (!json)
		return false;
	if (!strcmp(view_raw(json_root(json), "schema"), "headroom.audit/1"))
		*ret_json = json;
	else
		json_free(json);
	return true;
}

static bool fix_run_judge(const struct run *run, struct fix_run *fix, struct error *err)
{
	struct workload workload;
	struct result result;
	bool given;
	const char *name = run->options->arguments.count ? run->options->arguments.items[0] : NULL;
	if (!pipeline_open(run, &fix->pipeline, err) ||
			!pipeline_workload(&fix->pipeline, name, &workload, &given, err))
		return false;
	if (!given)
		return error_set(err,
				"fix needs a workload: a ready one, a file, an audit document, or its numbers, as "
				"in headroom "
				"fix ws-client --connections 15000");
	if (!pipeline_judge(&fix->pipeline, &workload, &result, err))
		return false;
	fix->owned = pipeline_document(&fix->pipeline, &result, err);
	fix->audit = fix->owned;
	return fix->owned;
}

bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err)
{
	const struct options *options = run->options;
	const char *date, *name = options->arguments.count ? options->arguments.items[0] : NULL;
	*ret_fix = (struct fix_run){0};
	if (!fix_run_read_document(name, &ret_fix->json, err))
		return false;
	if (ret_fix->json && (options->workload_flags || options->facts_path || options->child.count))
		return error_set(err,
				"%.200s is an audit that was made: workload flags and --facts have no effect on it",
				name);
	if (ret_fix->json)
		ret_fix->audit = json_root(ret_fix->json);
	else if (!fix_run_judge(run, ret_fix, err))
		return false;
	return emit_files_date(run->arena, ret_fix->audit, &date, err) &&
			fix_values_from(run->arena, ret_fix->audit, options->unit, date, &ret_fix->values, err);
}

void fix_close(struct fix_run *fix)
{
	cJSON_Delete(fix->owned);
	json_free(fix->json);
	pipeline_close(&fix->pipeline);
}

int fix_exit(const cJSON *audit)
{
	const cJSON *fix;
	bool fits = !strcmp(view_raw(audit, "verdict"), "pass");
	if (!strcmp(view_raw(audit, "verdict"), "unknown"))
		return EXIT_VERDICT_UNKNOWN;
	cJSON_ArrayForEach(fix, view_array(audit, "fixes"))
		if (view_true(fix, "in_ladder"))
			fits = view_true(fix, "gain.fits");
	return fits ? EXIT_PASS : EXIT_VERDICT_FAIL;
}
