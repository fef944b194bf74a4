/* Writes the files of --emit: one to -o FILE or standard output, several to --dir. */
#include "audit/fix/emit_files.h"

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

bool emit_files_check(const struct options *options, struct error *err)
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

static bool emit_files_write_file(struct arena *arena,
		const char *path,
		const struct emit_kind *kind,
		const struct text *text,
		struct error *err)
{
	struct target target;
	if (!target_open(arena, path, &target, err))
		return false;
	bool ok = target_write(&target, text->data, text->length, err) &&
			(!kind->script || target.direct || fchmod(target.fd, 0755) == 0) &&
			target_commit(arena, &target, err);
	if (!ok)
		target_discard(&target);
	return ok;
}

static bool emit_one(const struct run *run,
		const struct fix_values *values,
		const char *name,
		struct error *err)
{
	const struct options *options = run->options;
	const struct emit_kind *kind = emit_kind_find(name);
	const char *path = options->outputs.count ? options->outputs.items[0] : "-";
	struct text text = {0};
	if (options->directory)
		path = arena_printf(run->arena, "%s/%s", options->directory, kind->file);
	kind->write(run->arena, values, &text);
	bool ok = strcmp(path, "-") ? emit_files_write_file(run->arena, path, kind, &text, err)
								: output_stdout(text.data, text.length, err);
	text_release(&text);
	if (ok && strcmp(path, "-") != 0 && !options->quiet)
		screen_say("wrote %s: %s%s",
				path,
				kind->title,
				kind->needed(values) ? "" : " (nothing to set)");
	return ok;
}

bool emit_files_write(const struct run *run, const struct fix_values *values, struct error *err)
{
	const struct options *options = run->options;
	if (options->directory && mkdir(options->directory, 0777) != 0 && errno != EEXIST)
		return error_set(err, "--dir %.300s: %s", options->directory, strerror(errno));
	for (size_t i = 0; i < options->emits.count; i++)
		if (!emit_one(run, values, options->emits.items[i], err))
			return false;
	return true;
}

/* The day in the files: SOURCE_DATE_EPOCH (reproducible-builds.org), else when the facts were
 * judged. */
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
				"SOURCE_DATE_EPOCH: \"%.60s\" is not a number of seconds since 1970",
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
