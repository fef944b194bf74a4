/* Changing the host: planning, diff, doing it and rolling back. Undo and verify: undo.c. */
#include "audit/fix/apply.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/fix/sysctl.h"
#include "report/emit/emit.h"

bool apply_open(struct arena *arena,
		const char *root_path,
		bool change,
		struct apply *ret_apply,
		struct error *err)
{
	*ret_apply = (struct apply){.arena = arena, .lock = -1, .live = !root_path};
	ret_apply->root = file_below_root_open(root_path ? root_path : "/", err);
	if (ret_apply->root < 0)
		return false;
	if (change && (ret_apply->lock = journal_lock(ret_apply->root, arena, true, err)) < 0)
		return false;
	return journal_read(ret_apply->root, arena, &ret_apply->journal, err);
}

void apply_close(struct apply *apply)
{
	if (apply->lock >= 0 && !apply->journal.exists) { /* nothing was done: leave nothing */
		directory_below_root_remove(apply->root, apply->arena, JOURNAL_DIRECTORY);
		directory_below_root_remove(apply->root, apply->arena, "/var/lib/headroom");
	}
	if (apply->lock >= 0)
		(void)close(apply->lock);
	if (apply->root >= 0)
		(void)close(apply->root);
}

struct own_file {
	const char *path, *lines;
	void (*write)(struct arena *arena, const struct fix_values *values, struct text *out);
	bool words; /* "domain type item value": the last word is the value. Otherwise NAME=VALUE, or a
	               name alone */
};

/* The files that keep these values. */
static size_t own_files(struct arena *arena,
		const struct fix_values *values,
		struct own_file files[4])
{
	struct text sysctl = {0}, limits = {0}, service = {0};
	size_t count = 0;
	emit_sysctl_lines(values, &sysctl);
	emit_limits_lines(values, &limits);
	emit_systemd_lines(arena, values, &service);
	if (values->conntrack)
		files[count++] = (struct own_file){FIX_MODULES_PATH, "nf_conntrack\n", emit_modules, false};
	if (sysctl.length)
		files[count++] =
				(struct own_file){FIX_SYSCTL_PATH, text_take(arena, &sysctl), emit_sysctl, false};
	if (limits.length)
		files[count++] =
				(struct own_file){FIX_LIMITS_PATH, text_take(arena, &limits), emit_limits, true};
	if (service.length && values->unit)
		files[count++] = (struct own_file){
				arena_printf(arena, "/etc/systemd/system/%s.d/headroom.conf", values->unit),
				text_take(arena, &service),
				emit_systemd,
				false};
	text_release(&service);
	return count;
}

static bool is_remark(const char *line)
{
	line += strspn(line, " \t");
	return !*line || *line == '#' || *line == ';' || *line == '[';
}

/* What a line is about: up to its value. */
static const char *apply_subject(struct arena *arena, const char *line, bool words)
{
	const char *normal = sysctl_normal(arena, line);
	const char *end = words ? strrchr(normal, ' ') : strchr(normal, '=');
	return sysctl_normal(arena, end ? arena_copy(arena, normal, (size_t)(end - normal)) : normal);
}

static bool has_subject(struct arena *arena, const char *lines, const char *wanted, bool words)
{
	char *rest = arena_strdup(arena, lines);
	for (char *line; (line = strsep(&rest, "\n"));)
		if (!is_remark(line) && !strcmp(apply_subject(arena, line, words), wanted))
			return true;
	return false;
}

static bool apply_has_line(struct arena *arena, const char *lines, const char *wanted)
{
	char *rest = arena_strdup(arena, lines);
	for (char *line; (line = strsep(&rest, "\n"));)
		if (!strcmp(sysctl_normal(arena, line), sysctl_normal(arena, wanted)))
			return true;
	return false;
}

/* The new file: its text, then the lines of an earlier run that this one says nothing of. NULL:
 * every line that counts is there already. */
static const char *new_content(struct arena *arena,
		const struct fix_values *values,
		const struct own_file *file,
		const char *old)
{
	struct text out = {0};
	bool complete = true;
	char *rest = arena_strdup(arena, file->lines);
	for (char *line; (line = strsep(&rest, "\n"));)
		complete &= !*line || apply_has_line(arena, old, line);
	if (complete)
		return NULL;
	file->write(arena, values, &out);
	rest = arena_strdup(arena, old);
	for (char *line; (line = strsep(&rest, "\n"));)
		if (!is_remark(line) &&
				!has_subject(arena,
						file->lines,
						apply_subject(arena, line, file->words),
						file->words))
			text_addf(&out, "%s\n", line);
	return text_take(arena, &out);
}

static bool is_noted(const struct apply *apply, const char *path)
{
	const struct entry *entry = journal_find(&apply->journal, ENTRY_DIRECTORY, path);
	return entry && entry->pending;
}

/* Directories that are not there yet, outermost first. */
static void plan_directories(struct apply *apply, const char *path)
{
	static const struct content nothing = {.bytes = ""};
	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *directory = arena_copy(apply->arena, path, (size_t)(slash - path));
		if (!directory_below_root_exists(apply->root, directory) && !is_noted(apply, directory))
			(void)journal_note(apply->arena,
					&apply->journal,
					ENTRY_DIRECTORY,
					directory,
					&nothing,
					NULL);
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
		return error_fail(err, "%s holds a NUL byte: not touched", file->path);
	const char *content = new_content(apply->arena, values, file, now.bytes);
	if (!content)
		return true;
	plan_directories(apply, file->path);
	journal_note(apply->arena, &apply->journal, ENTRY_FILE, file->path, &now, content)->found = now;
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
	const struct content before = {.exists = true, .bytes = now, .length = strlen(now)};
	if (strcmp(now, to) != 0)
		journal_note(apply->arena, &apply->journal, ENTRY_SYSCTL, sysctl->key, &before, to)->found =
				before;
	return true;
}

bool apply_plan(struct apply *apply, const struct fix_values *values, struct error *err)
{
	struct own_file files[4];
	size_t count = own_files(apply->arena, values, files);
	for (size_t i = 0; i < count; i++)
		if (!apply_plan_file(apply, values, &files[i], err))
			return false;
	for (size_t i = 0; apply->live && i < values->sysctl_count; i++)
		if (!plan_setting(apply, &values->sysctls[i], err))
			return false;
	return true;
}

bool apply_is_empty(const struct apply *apply)
{
	for (size_t i = 0; i < apply->journal.count; i++)
		if (apply->journal.items[i].pending)
			return false;
	return true;
}

static const char *newest(const struct entry *entry)
{
	return entry->after_count ? entry->after[entry->after_count - 1] : "";
}

static void apply_add_side(const struct apply *apply,
		struct text *out,
		const char *sign,
		const char *lines,
		const char *other)
{
	char *rest = arena_strdup(apply->arena, lines);
	for (char *line; (line = strsep(&rest, "\n"));)
		if (*line && !apply_has_line(apply->arena, other, line))
			text_addf(out, "%s%s\n", sign, text_clean(apply->arena, line, strlen(line), 0));
}

void apply_diff(const struct apply *apply, struct text *out)
{
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		if (!entry->pending || entry->kind == ENTRY_DIRECTORY)
			continue;
		if (entry->kind == ENTRY_SYSCTL) {
			text_addf(out, "live  %s\n-%s\n+%s\n", entry->name, entry->found.bytes, newest(entry));
			continue;
		}
		text_addf(out, "file  %s%s\n", entry->name, entry->found.exists ? "" : " (new)");
		apply_add_side(apply, out, "-", entry->found.bytes, newest(entry));
		apply_add_side(apply, out, "+", newest(entry), entry->found.bytes);
	}
}

static bool do_entry(struct apply *apply, const struct entry *entry, struct error *err)
{
	if (entry->kind == ENTRY_DIRECTORY)
		return directory_below_root_make(apply->root, apply->arena, entry->name, 0755, err);
	if (entry->kind == ENTRY_SYSCTL)
		return sysctl_live_write(apply->arena, entry->name, newest(entry), err);
	struct content content = entry->found;
	content.bytes = newest(entry);
	content.length = strlen(content.bytes);
	content.mode = entry->found.exists ? entry->found.mode : 0644;
	content.modified.tv_nsec = UTIME_NOW;
	return file_below_root_write(apply->root,
			apply->arena,
			entry->name,
			&content,
			entry->found.exists,
			err);
}

/* One change of this run taken back. What did not come to pass needs no writing, which may be
 * impossible. */
static bool roll_entry_back(struct apply *apply, const struct entry *entry, struct error *err)
{
	struct content now;
	if (entry->kind == ENTRY_SYSCTL) {
		const char *value = sysctl_live_read(apply->arena, entry->name, err);
		return value &&
				(!strcmp(value, entry->found.bytes) ||
						sysctl_live_write(apply->arena, entry->name, entry->found.bytes, err));
	}
	file_below_root_clear(apply->root, apply->arena, entry->name);
	if (!file_below_root_read(apply->root, apply->arena, entry->name, &now, err))
		return false;
	if (now.exists == entry->found.exists && now.length == entry->found.length &&
			!memcmp(now.bytes, entry->found.bytes, now.length))
		return true;
	return entry->found.exists
			? file_below_root_write(apply->root,
					  apply->arena,
					  entry->name,
					  &entry->found,
					  true,
					  err)
			: file_below_root_remove(apply->root, apply->arena, entry->name, err);
}

/* Back to what this run found, the last change first. */
static bool roll_back(struct apply *apply, size_t done, struct error *err)
{
	bool all = true;
	for (size_t i = done; i-- > 0;) {
		const struct entry *entry = &apply->journal.items[i];
		if (!entry->pending)
			continue;
		if (entry->kind == ENTRY_DIRECTORY)
			directory_below_root_remove(apply->root, apply->arena, entry->name);
		else
			all &= roll_entry_back(apply, entry, err);
	}
	return all;
}

/* A failed run leaves the journal as it found it. */
static bool apply_give_up(struct apply *apply,
		const struct journal *before,
		size_t done,
		struct error *err)
{
	struct error failure = *err, why = {0};
	bool back = roll_back(apply, done, &why);
	if (back)
		back = before->exists ? journal_write(apply->root, apply->arena, before, &why)
							  : journal_remove(apply->root, apply->arena, &why);
	apply->journal = back ? *before : apply->journal;
	return back ? error_fail(err, "%s. Everything was put back: nothing has changed", failure.text)
				: error_fail(err,
						  "%s. Putting it back failed as well: %s. headroom fix --undo tries again",
						  failure.text,
						  why.text);
}

bool apply_commit(struct apply *apply, const struct fix_values *values, struct error *err)
{
	struct journal before;
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
		if (entry->pending && !do_entry(apply, entry, err))
			return apply_give_up(apply, &before, i + 1, err);
	}
	return true;
}
