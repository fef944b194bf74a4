/* headroom fix: the ladder as a list, as files for others (--emit), or done on this host (--apply, --undo). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/apply_command.h"
#include "audit/fix.h"
#include "audit/output.h"
#include "audit/remedy.h"
#include "audit/screen.h"
#include "probes/json.h"
#include "report/emit/emit.h"
#include "report/write/view.h"

static void free_tree(cJSON **tree)
{
	cJSON_Delete(*tree);
}

/* An audit document that was kept, or NULL without an error: the argument is something else. */
static bool read_document(const char *name, struct json **ret_json, struct error *err)
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

static bool judge(const struct run *run, struct fix_run *fix, struct error *err)
{
	struct workload workload;
	struct result result;
	bool given;
	const char *name = run->options->arguments.count ? run->options->arguments.items[0] : NULL;
	if (!pipeline_open(run, &fix->pipeline, err) ||
	    !pipeline_workload(&fix->pipeline, name, &workload, &given, err))
		return false;
	if (!given)
		return error_set(err, "fix needs a workload: a ready one, a file, an audit document, or its numbers, as in headroom "
		                      "fix ws-client --connections 15000");
	if (!pipeline_judge(&fix->pipeline, &workload, &result, err))
		return false;
	fix->owned = pipeline_document(&fix->pipeline, &result, err);
	fix->audit = fix->owned;
	return fix->owned;
}

/* The day in the files: SOURCE_DATE_EPOCH (reproducible-builds.org), else when the facts were judged. */
static bool date_of(struct arena *arena, const cJSON *audit, const char **ret_date, struct error *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	char out[16], *end;
	struct tm utc;
	*ret_date = arena_copy(arena, view_raw(audit, "created"), strnlen(view_raw(audit, "created"), 10));
	if (!text || !*text)
		return true;
	errno = 0;
	long long seconds = strtoll(text, &end, 10);
	time_t at = (time_t)seconds;
	if (errno || *end || seconds < 0 || seconds > 253402300799LL || !gmtime_r(&at, &utc))
		return error_set(err, "SOURCE_DATE_EPOCH: \"%.60s\" is not a number of seconds since 1970", text);
	(void)strftime(out, sizeof out, "%Y-%m-%d", &utc);
	*ret_date = arena_strdup(arena, out);
	return true;
}

bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err)
{
	const struct options *options = run->options;
	const char *date, *name = options->arguments.count ? options->arguments.items[0] : NULL;
	*ret_fix = (struct fix_run){0};
	if (!read_document(name, &ret_fix->json, err))
		return false;
	if (ret_fix->json && (options->workload_flags || options->facts_path || options->child.count))
		return error_set(err, "%.200s is an audit that was made: workload flags and --facts have no effect on it", name);
	if (ret_fix->json)
		ret_fix->audit = json_root(ret_fix->json);
	else if (!judge(run, ret_fix, err))
		return false;
	return date_of(run->arena, ret_fix->audit, &date, err) &&
	       remedy_from(run->arena, ret_fix->audit, options->unit, date, &ret_fix->remedy, err);
}

void fix_close(struct fix_run *fix)
{
	cJSON_Delete(fix->owned);
	json_free(fix->json);
	pipeline_close(&fix->pipeline);
}

static bool check_kinds(const struct options *options, struct error *err)
{
	struct text all = {0};
	for (size_t i = 0; i < options->emits.count; i++) {
		if (emit_kind_find(options->emits.items[i]))
			continue;
		for (size_t k = 0; k < emit_kinds_count; k++)
			text_addf(&all, " %s", emit_kinds[k].name);
		(void)error_set(err, "--emit: \"%.60s\" is none of:%s", options->emits.items[i], all.data);
		text_release(&all);
		return false;
	}
	if (options->emits.count > 1 && !options->directory)
		return error_set(err, "--emit: several files need a directory: --dir DIR");
	if (options->outputs.count > 1 || (options->outputs.count && options->directory))
		return error_set(err, "--emit: one file goes to -o FILE, several to --dir DIR");
	return true;
}

static bool write_file(struct arena *arena, const char *path, const struct emit_kind *kind, const struct text *text,
                       struct error *err)
{
	struct target target;
	if (!target_open(arena, path, &target, err))
		return false;
	bool ok = target_write(&target, text->data, text->length, err) &&
	          (!kind->script || target.direct || fchmod(target.fd, 0755) == 0) && target_commit(arena, &target, err);
	if (!ok)
		target_discard(&target);
	return ok;
}

static bool emit_one(const struct run *run, const struct fix_run *fix, const char *name, struct error *err)
{
	const struct options *options = run->options;
	const struct emit_kind *kind = emit_kind_find(name);
	const char *path = options->outputs.count ? options->outputs.items[0] : "-";
	struct text text = {0};
	if (options->directory)
		path = arena_printf(run->arena, "%s/%s", options->directory, kind->file);
	kind->write(run->arena, &fix->remedy, &text);
	bool ok = strcmp(path, "-") ? write_file(run->arena, path, kind, &text, err)
	                            : output_stdout(text.data, text.length, err);
	text_release(&text);
	if (ok && strcmp(path, "-") != 0 && !options->quiet)
		screen_say("wrote %s: %s%s", path, kind->title, kind->needed(&fix->remedy) ? "" : " (nothing to set)");
	return ok;
}

static bool emit(const struct run *run, const struct fix_run *fix, struct error *err)
{
	const struct options *options = run->options;
	if (options->directory && mkdir(options->directory, 0777) != 0 && errno != EEXIST)
		return error_set(err, "--dir %.300s: %s", options->directory, strerror(errno));
	for (size_t i = 0; i < options->emits.count; i++)
		if (!emit_one(run, fix, options->emits.items[i], err))
			return false;
	return true;
}

struct fix_view {
	const cJSON *fix;
	struct write_options look;
};

static void render(void *context, enum format format, struct text *out)
{
	const struct fix_view *view = context;
	if (format == FORMAT_JSON)
		write_json(view->fix, &view->look, out);
	else
		fix_text(view->fix, &view->look, out);
}

static bool show(const struct run *run, const cJSON *fix, struct error *err)
{
	struct text text = {0};
	const struct write_options look = screen_options(run->arena, run->options);
	fix_text(fix, &look, &text);
	bool ok = output_stdout(text.data, text.length, err);
	text_release(&text);
	return ok;
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

static bool list(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err)
{
	struct outputs outputs;
	if (!outputs_parse(run->arena, &run->options->outputs, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	__attribute__((cleanup(free_tree))) cJSON *document = fix_document(fix->audit, &fix->remedy);
	struct fix_view view = {document, screen_file_options(run->arena, run->options)};
	const struct output_source source = {render, &view};
	bool written = outputs_write(run->arena, &outputs, &source);
	if (!outputs.to_stdout && !show(run, document, err))
		return false;
	*ret_exit = written ? fix_exit(fix->audit) : EXIT_BROKEN;
	return true;
}

/* One thing at a time. */
static bool check_mode(const struct options *options, struct error *err)
{
	int modes = (options->emits.count > 0) + options->apply + options->undo + options->verify;
	if (modes > 1)
		return error_set(err, "fix does one of --emit, --apply, --undo and --verify at a time");
	if (options->arguments.count > 1)
		return error_set(err, "fix takes one workload, not also \"%.100s\"", options->arguments.items[1]);
	if (options->dry_run && !options->apply)
		return error_set(err, "--dry-run goes with --apply");
	if (options->directory && !options->emits.count)
		return error_set(err, "--dir goes with --emit");
	if (options->outputs.count && (options->apply || options->undo || options->verify))
		return error_set(err, "-o: --apply, --undo and --verify write no file; headroom fix -o json lists the values");
	return !options->emits.count || check_kinds(options, err);
}

bool command_fix(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	if (!check_mode(options, err))
		return false;
	if (options->undo)
		return fix_undo(run, ret_exit, err);
	if (options->verify && !options->arguments.count && !options->workload_flags && !options->child.count)
		return fix_verify_journal(run, ret_exit, err);
	__attribute__((cleanup(fix_close))) struct fix_run fix = {0};
	if (!fix_judge(run, &fix, err))
		return false;
	if (options->emits.count)
		return emit(run, &fix, err);
	if (options->apply)
		return fix_apply(run, &fix, ret_exit, err);
	if (options->verify)
		return fix_verify(run, &fix, ret_exit, err);
	return list(run, &fix, ret_exit, err);
}
