/* Changes the host: plans the changes, shows them, makes them, and takes them back if one fails.
 * --undo and --verify are in undo.c. */
#include "audit/fix/apply.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/fix/own_file.h"
#include "audit/fix/sysctl.h"
#include "base/os/file.h"

bool apply_open(struct arena *arena,
		const char *root_path,
		bool change,
		struct apply *ret_apply,
		struct error *err)
{
	*ret_apply = (struct apply){.arena = arena, .root = -1, .lock = -1};
	if (!root_path) {
		root_path = "/";
		ret_apply->live = true;
	}
	ret_apply->root = file_below_root_open(root_path, err);
	if (ret_apply->root < 0)
		return false;
	if (change) {
		ret_apply->lock = journal_lock(ret_apply->root, arena, err);
		if (ret_apply->lock < 0)
			return false;
	}
	return journal_read(ret_apply->root, arena, &ret_apply->journal, err);
}

void apply_close(struct apply *apply)
{
	bool unused = apply->lock >= 0 && !apply->journal.exists;
	if (unused)
		journal_remove_directories(apply->root, apply->arena);
	file_close_fd(&apply->lock);
	file_close_fd(&apply->root);
}

/* --- what has to change
 * ------------------------------------------------------------------------------------ */

static bool is_planned(const struct apply *apply, const char *directory)
{
	const struct entry *entry = journal_find(&apply->journal, ENTRY_DIRECTORY, directory);
	return entry && entry->pending;
}

/* The directories of a path that do not exist yet, outermost first. */
static void plan_directories(struct apply *apply, const char *path)
{
	static const struct content nothing = {.bytes = ""};
	const char *slash = path;
	while ((slash = strchr(slash + 1, '/'))) {
		const char *directory = arena_copy(apply->arena, path, (size_t)(slash - path));
		if (directory_below_root_exists(apply->root, directory) || is_planned(apply, directory))
			continue;
		journal_note(apply->arena, &apply->journal, ENTRY_DIRECTORY, directory, &nothing, NULL);
	}
}

static bool apply_plan_file(struct apply *apply,
		const struct fix_values *values,
		const struct own_file *file,
		struct error *err)
{
	struct content now;
	if (!file_below_root_read(apply->root, apply->arena, file->path, &now, err))
		return false;
	if (strlen(now.bytes) != now.length)
		return error_fail(err, "%s contains a NUL byte, so it was not changed", file->path);
	const char *content = own_file_content(apply->arena, values, file, now.bytes);
	if (!content)
		return true;
	plan_directories(apply, file->path);
	journal_note(apply->arena, &apply->journal, ENTRY_FILE, file->path, &now, content);
	return true;
}

static bool plan_setting(struct apply *apply,
		const struct fix_values_sysctl *sysctl,
		struct error *err)
{
	const char *now = sysctl_live_read(apply->arena, sysctl->key, err);
	if (!now)
		return false;
	const char *to = sysctl_better(apply->arena, sysctl->change, now, sysctl->to);
	if (!strcmp(now, to))
		return true;
	const struct content found = {.exists = true, .bytes = now, .length = strlen(now)};
	journal_note(apply->arena, &apply->journal, ENTRY_SYSCTL, sysctl->key, &found, to);
	return true;
}

static bool plan_settings(struct apply *apply, const struct fix_values *values, struct error *err)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		if (!plan_setting(apply, &values->sysctls[i], err))
			return false;
	}
	return true;
}

bool apply_plan(struct apply *apply, const struct fix_values *values, struct error *err)
{
	struct own_file files[OWN_FILES_MAX];
	size_t count = own_files(apply->arena, values, files);
	for (size_t i = 0; i < count; i++) {
		if (!apply_plan_file(apply, values, &files[i], err))
			return false;
	}
	if (!apply->live)
		return true;
	return plan_settings(apply, values, err) && plan_settings(apply, values->inside, err);
}

bool apply_is_empty(const struct apply *apply)
{
	for (size_t i = 0; i < apply->journal.count; i++) {
		if (apply->journal.items[i].pending)
			return false;
	}
	return true;
}

/* --- the difference
 * ------------------------------------------------------------------------------------ */

/* The lines of one text that the other does not have, each behind a sign. */
static void apply_add_side(struct arena *arena,
		struct text *out,
		const char *sign,
		const char *lines,
		const char *other)
{
	char *rest = arena_strdup(arena, lines);
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!*line || own_file_has_line(arena, other, line))
			continue;
		text_addf(out, "%s%s\n", sign, text_clean(arena, line, strlen(line), 0));
	}
}

static const char foreign_remark[] =
		" (changed by someone else since the last --apply; --undo will return to this state)";

static void apply_diff_entry(struct arena *arena, const struct entry *entry, struct text *out)
{
	const char *old = entry->found.bytes;
	const char *new = entry_newest(entry);
	const char *remark = "";
	switch (entry->kind) {
	case ENTRY_DIRECTORY:
		return;
	case ENTRY_SYSCTL:
		if (entry->foreign)
			remark = foreign_remark;
		text_addf(out, "live  %s%s\n-%s\n+%s\n", entry->name, remark, old, new);
		return;
	case ENTRY_FILE:
		break;
	}
	if (!entry->found.exists)
		remark = " (new)";
	if (entry->foreign)
		remark = foreign_remark;
	text_addf(out, "file  %s%s\n", entry->name, remark);
	apply_add_side(arena, out, "-", old, new);
	apply_add_side(arena, out, "+", new, old);
}

void apply_diff(const struct apply *apply, struct text *out)
{
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		if (entry->pending)
			apply_diff_entry(apply->arena, entry, out);
	}
}

/* --- making the changes
 * ------------------------------------------------------------------------------------ */

/* A file that exists keeps its mode and owner. */
static bool write_new_content(const struct apply *apply,
		const struct entry *entry,
		struct error *err)
{
	struct content content = entry->found;
	content.bytes = entry_newest(entry);
	content.length = strlen(content.bytes);
	content.modified.tv_nsec = UTIME_NOW;
	if (!content.exists)
		content.mode = 0644;
	return file_below_root_write(apply->root,
			apply->arena,
			entry->name,
			&content,
			content.exists,
			err);
}

static bool make_change(const struct apply *apply, const struct entry *entry, struct error *err)
{
	switch (entry->kind) {
	case ENTRY_DIRECTORY:
		return directory_below_root_make(apply->root, apply->arena, entry->name, 0755, err);
	case ENTRY_SYSCTL:
		return sysctl_live_write(apply->arena, entry->name, entry_newest(entry), err);
	case ENTRY_FILE:
		break;
	}
	return write_new_content(apply, entry, err);
}

/* --- taking them back
 * ------------------------------------------------------------------------------------ */

static bool is_found(const struct entry *entry, const struct content *now)
{
	const struct content *found = &entry->found;
	if (now->exists != found->exists || now->length != found->length)
		return false;
	return !memcmp(now->bytes, found->bytes, now->length);
}

static bool roll_setting_back(const struct apply *apply,
		const struct entry *entry,
		struct error *err)
{
	const char *now = sysctl_live_read(apply->arena, entry->name, err);
	if (!now)
		return false;
	if (!strcmp(now, entry->found.bytes))
		return true;
	return sysctl_live_write(apply->arena, entry->name, entry->found.bytes, err);
}

static bool roll_file_back(const struct apply *apply, const struct entry *entry, struct error *err)
{
	struct content now;
	file_below_root_clear(apply->root, apply->arena, entry->name);
	if (!file_below_root_read(apply->root, apply->arena, entry->name, &now, err))
		return false;
	if (is_found(entry, &now))
		return true;
	return file_below_root_restore(apply->root, apply->arena, entry->name, &entry->found, err);
}

/* Takes one change of this run back. A change that was not made is not taken back, either: whatever
 * kept it from being made, such as a read-only /etc, would stop this, too. */
static bool roll_entry_back(const struct apply *apply, const struct entry *entry, struct error *err)
{
	switch (entry->kind) {
	case ENTRY_DIRECTORY:
		directory_below_root_remove(apply->root, apply->arena, entry->name);
		return true;
	case ENTRY_SYSCTL:
		return roll_setting_back(apply, entry, err);
	case ENTRY_FILE:
		break;
	}
	return roll_file_back(apply, entry, err);
}

/* Goes back to what this run found, the last change first. Goes on after a failure, so that as much
 * as possible is put back. */
static bool roll_back(const struct apply *apply, size_t done, struct error *err)
{
	bool all = true;
	for (size_t i = done; i-- > 0;) {
		const struct entry *entry = &apply->journal.items[i];
		if (entry->pending && !roll_entry_back(apply, entry, err))
			all = false;
	}
	return all;
}

static bool restore_journal(const struct apply *apply,
		const struct journal *before,
		struct error *err)
{
	if (before->exists)
		return journal_write(apply->root, apply->arena, before, err);
	return journal_remove(apply->root, apply->arena, err);
}

/* Puts everything back after the first `done` entries were tried, the journal last, and adds to err
 * how that went. Always false. */
static bool apply_give_up(struct apply *apply,
		const struct journal *before,
		size_t done,
		struct error *err)
{
	struct error failure = *err, why = {0};
	if (!roll_back(apply, done, &why) || !restore_journal(apply, before, &why))
		return error_fail(err,
				"%s. Restoring the old values failed, too: %s. To try again: headroom fix --undo",
				failure.text,
				why.text);
	apply->journal = *before;
	return error_fail(err, "%s. All old values were restored; nothing has changed", failure.text);
}

bool apply_commit(struct apply *apply, const struct fix_values *values, struct error *err)
{
	struct journal before;
	assert(apply->lock >= 0);
	if (!journal_read(apply->root, apply->arena, &before, err))
		return false;
	apply->journal.plan = values->plan;
	apply->journal.date = values->date;
	apply->journal.tool = values->tool;
	if (!journal_write(apply->root, apply->arena, &apply->journal, err))
		return false;
	apply->journal.exists = true;
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		if (entry->pending && !make_change(apply, entry, err))
			return apply_give_up(apply, &before, i + 1, err);
	}
	return true;
}
