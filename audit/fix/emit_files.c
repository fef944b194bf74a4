/* Writes the files of --emit: one to -o FILE or standard output, several to --dir. */
#include "audit/fix/emit_files.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/cli/screen.h"
#include "audit/output/output.h"
#include "audit/output/target.h"
#include "base/os/clock.h"
#include "report/document/view.h"
#include "report/emit/emit.h"

static bool unknown_kind(const char *name, struct error *err)
{
	__attribute__((cleanup(text_release))) struct text all = {0};
	for (size_t i = 0; i < emit_kinds_count; i++)
		text_addf(&all, " %s", emit_kinds[i].name);
	return error_set(err, "--emit: \"%.60s\" is not one of:%s", name, text_string(&all));
}

bool emit_files_check(const struct options *options, struct error *err)
{
	size_t files = options->outputs.count;
	for (size_t i = 0; i < options->emits.count; i++) {
		const char *name = options->emits.items[i];
		if (!emit_kind_find(name))
			return unknown_kind(name, err);
	}
	if (options->emits.count > 1 && !options->directory)
		return error_set(err, "--emit: several kinds need a directory; add --dir DIR");
	if (files > 1 || (files && options->directory))
		return error_set(err, "--emit: give either -o FILE (one kind) or --dir DIR");
	return true;
}

/* Scripts become executable, unless they go to a device or a pipe. */
static bool set_mode(const struct target *target, const struct emit_kind *kind)
{
	if (!kind->script || target->direct)
		return true;
	return fchmod(target->fd, 0755) == 0;
}

static bool emit_files_write_file(struct arena *arena,
		const char *path,
		const struct emit_kind *kind,
		const struct text *text,
		struct error *err)
{
	struct target target;
	if (!target_open(arena, path, &target, err))
		return false;
	bool ok = target_write(&target, text->data, text->length, err);
	ok = ok && set_mode(&target, kind);
	ok = ok && target_commit(arena, &target, err);
	if (!ok)
		target_discard(&target);
	return ok;
}

static void say_written(const struct emit_kind *kind,
		const struct fix_values *values,
		const char *path)
{
	const char *remark = "";
	if (!kind->needed(values))
		remark = " (nothing to set)";
	screen_say("wrote %s: %s%s", path, kind->title, remark);
}

static const char *path_of_kind(const struct run *run, const struct emit_kind *kind)
{
	const struct options *options = run->options;
	if (options->directory)
		return arena_printf(run->arena, "%s/%s", options->directory, kind->file);
	if (options->outputs.count)
		return options->outputs.items[0];
	return "-";
}

/* JSON has no comments that could say it. */
static void say_missing(const struct run *run,
		const struct fix_values *values,
		const struct emit_kind *kind)
{
	struct name_list missing = {0};
	emit_kind_missing(run->arena, kind, values, &missing);
	if (missing.count == 0 || run->options->quiet)
		return;
	screen_say("--emit %s is not complete. The plan also needs:", kind->name);
	for (size_t i = 0; i < missing.count; i++)
		screen_say("  %s", missing.items[i]);
}

static bool emit_one(const struct run *run,
		const struct fix_values *values,
		const struct emit_kind *kind,
		struct error *err)
{
	const char *path = path_of_kind(run, kind);
	__attribute__((cleanup(text_release))) struct text text = {0};
	emit_kind_write(run->arena, kind, values, &text);
	if (kind->json)
		say_missing(run, values, kind);
	if (!strcmp(path, "-"))
		return output_stdout(text.data, text.length, err);
	if (!emit_files_write_file(run->arena, path, kind, &text, err))
		return false;
	if (!run->options->quiet)
		say_written(kind, values, path);
	return true;
}

/* Before the first file is written: all of them or none. */
static bool all_fit(const struct name_list *emits,
		const struct fix_values *values,
		struct error *err)
{
	for (size_t i = 0; i < emits->count; i++) {
		const struct emit_kind *kind = emit_kind_find(emits->items[i]);
		assert(kind); /* emit_files_check came before */
		const char *idle = emit_kind_idle(kind, values);
		if (idle)
			return error_set(err, "--emit %s: %s", kind->name, idle);
	}
	return true;
}

bool emit_files_write(const struct run *run, const struct fix_values *values, struct error *err)
{
	const char *directory = run->options->directory;
	const struct name_list *emits = &run->options->emits;
	if (!all_fit(emits, values, err))
		return false;
	if (directory && mkdir(directory, 0777) != 0 && errno != EEXIST)
		return error_set(err, "--dir %.300s: %s", directory, strerror(errno));
	for (size_t i = 0; i < emits->count; i++) {
		const struct emit_kind *kind = emit_kind_find(emits->items[i]);
		if (!emit_one(run, values, kind, err))
			return false;
	}
	return true;
}

bool emit_files_date(struct arena *arena,
		const cJSON *audit,
		const char **ret_date,
		struct error *err)
{
	char out[CLOCK_TEXT_MAX];
	const char *date = view_raw(audit, "created");
	time_t moment;
	switch (clock_source_date(&moment)) {
	case SOURCE_DATE_INVALID:
		return error_set(err,
				"SOURCE_DATE_EPOCH: \"%.60s\" is not a number of seconds since 1970; correct or "
				"unset it",
				getenv("SOURCE_DATE_EPOCH"));
	case SOURCE_DATE_GIVEN:
		date = clock_utc(moment, out);
		break;
	case SOURCE_DATE_NONE:
		break;
	}
	*ret_date = arena_copy(arena, date, strnlen(date, strlen("YYYY-MM-DD")));
	return true;
}
