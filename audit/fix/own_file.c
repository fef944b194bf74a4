/* Compares and merges configuration files line by line. */
#include "audit/fix/own_file.h"

#include <string.h>

#include "audit/fix/sysctl.h"
#include "base/array.h"
#include "base/text.h"

/* Letters, digits and what else may be in the name of a unit (systemd.unit(5)). */
#define UNIT_CHARACTERS                                              \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
	":_.@-\\"
#define UNITS         "/etc/systemd/system/"
#define UNITS_OF_USER "/etc/systemd/user/"
#define DROP_IN       ".service.d"
#define UNIT_FILE     "/headroom.conf"

enum {
	PATH_BYTES_MAX = 300
};

static const char *const own_paths[] = {
		FIX_MODULES_PATH,
		FIX_SYSCTL_PATH,
		FIX_LIMITS_PATH,
};

/* Moves a text into the arena if it has one; false for an empty text, for which no file is needed.
 */
static bool take_lines(struct arena *arena, struct text *text, const char **ret_lines)
{
	bool any = text->length > 0;
	*ret_lines = text_take(arena, text);
	return any;
}

const char *own_unit(const struct fix_values *values)
{
	if (values->unit)
		return values->unit;
	return values->held_unit;
}

size_t own_files(struct arena *arena,
		const struct fix_values *values,
		struct own_file ret_files[OWN_FILES_MAX])
{
	struct text sysctl = {0}, limits = {0}, service = {0};
	struct own_file *next = ret_files;
	const char *lines, *unit = own_unit(values);
	emit_sysctl_lines(values, &sysctl);
	if (!unit && !values->no_login)
		emit_limits_lines(values, &limits);
	if (unit)
		emit_systemd_lines(arena, values, &service);
	if (values->conntrack)
		*next++ = (struct own_file){FIX_MODULES_PATH, "nf_conntrack\n", emit_modules, false};
	if (take_lines(arena, &sysctl, &lines))
		*next++ = (struct own_file){FIX_SYSCTL_PATH, lines, emit_sysctl, false};
	if (take_lines(arena, &limits, &lines))
		*next++ = (struct own_file){FIX_LIMITS_PATH, lines, emit_limits, true};
	if (take_lines(arena, &service, &lines)) {
		const char *units = UNITS;
		if (values->of_user_unit && !values->unit)
			units = UNITS_OF_USER;
		const char *path = arena_printf(arena, "%s%s.d" UNIT_FILE, units, unit);
		*next++ = (struct own_file){path, lines, emit_systemd, false};
	}
	return (size_t)(next - ret_files);
}

/* Behind the directory of the units; NULL: it is in none. */
static const char *unit_in(const char *path)
{
	static const char *const directories[] = {UNITS, UNITS_OF_USER};
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		if (text_begins_with(path, directories[i]))
			return path + strlen(directories[i]);
	}
	return NULL;
}

/* "/etc/systemd/system/NAME.service.d", and nothing behind it but `rest`. */
static bool is_drop_in(const char *path, const char *rest)
{
	const char *unit = unit_in(path);
	if (!unit || strlen(path) > PATH_BYTES_MAX)
		return false;
	size_t length = strspn(unit, UNIT_CHARACTERS);
	size_t end = strlen(DROP_IN);
	if (*unit == '.' || length <= end)
		return false;
	if (strncmp(unit + length - end, DROP_IN, end) != 0)
		return false;
	return !strcmp(unit + length, rest);
}

bool own_file_is_path(const char *path)
{
	for (size_t i = 0; i < COUNT_OF(own_paths); i++) {
		if (!strcmp(own_paths[i], path))
			return true;
	}
	return is_drop_in(path, UNIT_FILE);
}

/* Is the directory on the way to this file? */
static bool is_above(const char *directory, const char *path)
{
	return text_begins_with(path, directory) && path[strlen(directory)] == '/';
}

bool own_file_is_drop_in(const char *path)
{
	return is_drop_in(path, UNIT_FILE);
}

bool own_file_is_directory(const char *path)
{
	if (*path != '/' || !path[1])
		return false;
	for (size_t i = 0; i < COUNT_OF(own_paths); i++) {
		if (is_above(path, own_paths[i]))
			return true;
	}
	return is_above(path, UNITS) || is_above(path, UNITS_OF_USER) || is_drop_in(path, "");
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
