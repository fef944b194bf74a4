/* Compares and merges configuration files line by line. */
#include "audit/fix/own_file.h"

#include <string.h>

#include "audit/fix/sysctl.h"

/* Moves a text into the arena if it has one; false for an empty text, for which no file is needed.
 */
static bool take_lines(struct arena *arena, struct text *text, const char **ret_lines)
{
	bool any = text->length > 0;
	*ret_lines = text_take(arena, text);
	return any;
}

size_t own_files(struct arena *arena,
		const struct fix_values *values,
		struct own_file ret_files[OWN_FILES_MAX])
{
	struct text sysctl = {0}, limits = {0}, service = {0};
	struct own_file *next = ret_files;
	const char *lines;
	emit_sysctl_lines(values, &sysctl);
	emit_limits_lines(values, &limits);
	emit_systemd_lines(arena, values, &service);
	if (values->conntrack)
		*next++ = (struct own_file){FIX_MODULES_PATH, "nf_conntrack\n", emit_modules, false};
	if (take_lines(arena, &sysctl, &lines))
		*next++ = (struct own_file){FIX_SYSCTL_PATH, lines, emit_sysctl, false};
	if (take_lines(arena, &limits, &lines))
		*next++ = (struct own_file){FIX_LIMITS_PATH, lines, emit_limits, true};
	if (take_lines(arena, &service, &lines) && values->unit) {
		const char *path =
				arena_printf(arena, "/etc/systemd/system/%s.d/headroom.conf", values->unit);
		*next++ = (struct own_file){path, lines, emit_systemd, false};
	}
	return (size_t)(next - ret_files);
}

/* Empty lines, comments and [sections] set nothing. */
static bool sets_nothing(const char *line)
{
	line += strspn(line, " \t");
	return !*line || strchr("#;[", *line);
}

/* What a line is about: everything before its value. */
static const char *subject_of(struct arena *arena, const char *line, bool words)
{
	const char *normal = sysctl_normal(arena, line);
	const char *end;
	if (words)
		end = strrchr(normal, ' ');
	else
		end = strchr(normal, '=');
	if (!end)
		return normal;
	size_t length = (size_t)(end - normal);
	const char *subject = arena_copy(arena, normal, length);
	return sysctl_normal(arena, subject);
}

static bool has_subject(struct arena *arena, const struct own_file *file, const char *wanted)
{
	char *rest = arena_strdup(arena, file->lines);
	char *line;
	while ((line = strsep(&rest, "\n"))) {
		if (sets_nothing(line))
			continue;
		const char *subject = subject_of(arena, line, file->words);
		if (!strcmp(subject, wanted))
			return true;
	}
	return false;
}

bool own_file_has_line(struct arena *arena, const char *lines, const char *wanted)
{
	const char *normal = sysctl_normal(arena, wanted);
	char *rest = arena_strdup(arena, lines);
	char *line;
	while ((line = strsep(&rest, "\n"))) {
		if (!strcmp(sysctl_normal(arena, line), normal))
			return true;
	}
	return false;
}

static bool has_all_lines(struct arena *arena, const char *text, const char *lines)
{
	char *rest = arena_strdup(arena, lines);
	char *line;
	while ((line = strsep(&rest, "\n"))) {
		if (*line && !own_file_has_line(arena, text, line))
			return false;
	}
	return true;
}

const char *own_file_content(struct arena *arena,
		const struct fix_values *values,
		const struct own_file *file,
		const char *old)
{
	struct text out = {0};
	if (has_all_lines(arena, old, file->lines))
		return NULL;
	file->write(arena, values, &out);
	char *rest = arena_strdup(arena, old);
	char *line;
	while ((line = strsep(&rest, "\n"))) {
		if (sets_nothing(line))
			continue;
		const char *subject = subject_of(arena, line, file->words);
		if (!has_subject(arena, file, subject))
			text_addf(&out, "%s\n", line);
	}
	return text_take(arena, &out);
}
