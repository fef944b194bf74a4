/* Limits that systemd sets: the manager's default for services, and LimitNOFILE of the unit of the
 * vantage process, with its drop-ins. Reads files only; systemd is not asked. */
#include "probes/host/boot/systemd_files.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/host/boot/config.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

struct found {
	double soft, hard;
	const char *path;
	int line;
};

static bool parse_one(const char *text, double *ret)
{
	if (strcmp(text, "infinity") == 0) {
		*ret = INFINITY;
		return true;
	}
	return parse_limit(text, ret);
}

bool systemd_parse_limit(const char *text, double *ret_soft, double *ret_hard)
{
	char soft[64];
	size_t length = strcspn(text, ":");
	if (length == 0 || length >= sizeof soft)
		return false;
	memcpy(soft, text, length);
	soft[length] = '\0';
	if (!parse_one(soft, ret_soft))
		return false;
	*ret_hard = *ret_soft;
	if (text[length] == '\0')
		return true;
	return parse_one(text + length + 1, ret_hard) && *ret_soft <= *ret_hard;
}

/* The value of a line "NAME = VALUE", in place; NULL: it is another line. */
static char *systemd_value(char *line, const char *name)
{
	size_t length = strlen(name);
	if (strncmp(line, name, length) != 0)
		return NULL;
	char *rest = parse_trim(line + length);
	if (*rest != '=')
		return NULL;
	return parse_trim(rest + 1);
}

/* Environment=, ExecStart= and others may hold passwords. */
static const char *const kept_lines[] = {"[", "LimitNOFILE", "DefaultLimitNOFILE", NULL};

/* "NAME=VALUE" of a section: later ones win, and an empty value takes the setting back. */
static void systemd_files_read_file(struct probing *probing,
		const char *path,
		const char *section,
		const char *name,
		struct found *found)
{
	char *text;
	bool inside = false;
	int number = 1;
	if (config_read_some(probing, path, kept_lines, &text) != 0)
		return;
	for (char *line; (line = parse_line(&text)) != NULL; number++) {
		line = parse_trim(line);
		if (*line == '[')
			inside = strcmp(line, section) == 0;
		const char *value = NULL;
		if (inside)
			value = systemd_value(line, name);
		if (!value)
			continue;
		struct found next = {.path = path, .line = number};
		if (*value == '\0')
			*found = (struct found){0};
		else if (systemd_parse_limit(value, &next.soft, &next.hard))
			*found = next;
	}
}

static void systemd_files_put_found(struct probing *probing,
		const char *soft_key,
		const char *hard_key,
		const struct found *found,
		const char *path,
		const char *note)
{
	if (!found->path) {
		put_missing(probing, soft_key, FACT_ABSENT, UNIT_COUNT, path, note);
		put_missing(probing, hard_key, FACT_ABSENT, UNIT_COUNT, path, note);
		return;
	}
	struct fact *soft, *hard;
	soft = put_number(probing, soft_key, found->soft, UNIT_COUNT, found->path, NULL);
	hard = put_number(probing, hard_key, found->hard, UNIT_COUNT, found->path, NULL);
	soft->line = found->line;
	hard->line = found->line;
}

static void read_drop_ins(struct probing *probing,
		const char *const *directories,
		const char *section,
		const char *name,
		struct found *found)
{
	const struct config_file *files;
	size_t count = config_files(probing, directories, &files);
	for (size_t i = 0; i < count; i++)
		systemd_files_read_file(probing, files[i].path, section, name, found);
}

static void find_default(struct probing *probing, struct found *ret_found)
{
	static const char *const directories[] = {
			"etc/systemd/system.conf.d",
			"run/systemd/system.conf.d",
			"usr/local/lib/systemd/system.conf.d",
			"usr/lib/systemd/system.conf.d",
			NULL,
	};
	systemd_files_read_file(probing,
			"etc/systemd/system.conf",
			"[Manager]",
			"DefaultLimitNOFILE",
			ret_found);
	read_drop_ins(probing, directories, "[Manager]", "DefaultLimitNOFILE", ret_found);
}

static void probe_manager(struct probing *probing)
{
	struct found found = {0};
	find_default(probing, &found);
	systemd_files_put_found(probing,
			"boot.systemd.default_nofile.soft",
			"boot.systemd.default_nofile.hard",
			&found,
			"etc/systemd/system.conf",
			"not set: systemd 240 and later use 1024:524288");
}

/* Where units are looked for: the first file wins, but the drop-ins of all directories count
 * (systemd.unit(5)). */
static const char *const unit_directories[] = {
		"etc/systemd/system",
		"run/systemd/system",
		"usr/local/lib/systemd/system",
		"usr/lib/systemd/system",
		"lib/systemd/system",
};
enum {
	UNIT_DIRECTORIES = COUNT_OF(unit_directories)
};

/* false: the unit has no file of its own here. */
static bool find_service(struct probing *probing, const char *unit, struct found *ret_found)
{
	const char *drop_ins[UNIT_DIRECTORIES + 1] = {NULL};
	bool read = false;
	for (size_t i = 0; i < UNIT_DIRECTORIES; i++) {
		const char *path = arena_printf(probing->arena, "%s/%s", unit_directories[i], unit);
		drop_ins[i] = arena_printf(probing->arena, "%s.d", path);
		if (read || !source_exists(probing->source, path))
			continue;
		systemd_files_read_file(probing, path, "[Service]", "LimitNOFILE", ret_found);
		read = true;
	}
	read_drop_ins(probing, drop_ins, "[Service]", "LimitNOFILE", ret_found);
	return read;
}

static void probe_unit(struct probing *probing, const char *unit)
{
	struct found found = {0};
	(void)find_service(probing, unit, &found);
	systemd_files_put_found(probing,
			"boot.unit.nofile.soft",
			"boot.unit.nofile.hard",
			&found,
			unit_directories[0],
			"the unit does not set LimitNOFILE");
}

/* The name becomes part of a path, so it must not lead out of a directory. */
static bool systemd_is_service(const char *unit)
{
	return unit[0] != '.' && !strchr(unit, '/') && strstr(unit, ".service");
}

/* DefaultLimitNOFILE of systemd 240 and later (systemd-system.conf(5)). */
static const struct found default_limit = {.soft = 1024, .hard = 524288};

struct systemd_limit systemd_limit_of(struct arena *arena, struct source *source, const char *unit)
{
	struct probing probing = {.arena = arena, .source = source};
	struct systemd_limit limit = {0};
	struct found found = {0};
	if (!systemd_is_service(unit))
		return limit;
	limit.found = find_service(&probing, unit, &found);
	limit.set = found.path != NULL;
	if (!limit.set)
		find_default(&probing, &found);
	limit.whole = probing.boot_unread == NULL;
	limit.where = "systemd's default, DefaultLimitNOFILE";
	if (found.path)
		limit.where = arena_printf(arena, "/%s:%d", found.path, found.line);
	else
		found = default_limit;
	limit.soft = found.soft;
	limit.hard = found.hard;
	return limit;
}

static void systemd_files_run(struct probing *probing)
{
	const char *unit = facts_text(probing->facts, "vantage.unit");
	probe_manager(probing);
	if (unit && systemd_is_service(unit))
		probe_unit(probing, unit);
}

const struct probe probe_systemd_files = {.name = "systemd", .run = systemd_files_run};
