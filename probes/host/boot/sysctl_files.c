/* The sysctls after the next boot: the sysctl.d files as systemd-sysctl applies them. A live value
 * that such a file sets gets that file as its origin. */
#include "probes/host/boot/sysctl_files.h"

#include <fnmatch.h>
#include <string.h>

#include "probes/host/boot/config.h"
#include "probes/host/boot/overridden.h"
#include "probes/host/boot/refused.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	SETTINGS_MAX = 8192
};

/* sysctl.d(5); /lib is last, as in systemd's CONF_PATHS. */
static const char *const directories[] = {
		"etc/sysctl.d",
		"run/sysctl.d",
		"usr/local/lib/sysctl.d",
		"usr/lib/sysctl.d",
		"lib/sysctl.d",
		NULL,
};

static const char conf_path[] = "etc/sysctl.conf";

struct setting {
	const char *key, *value, *path;
	int line;
	bool glob;
};

struct settings {
	struct setting *items;
	size_t count, capacity;
};

/* If the first separator is a slash, slashes and dots change places: "net/ipv4/conf/eth0.1/x" is
 * "net.ipv4.conf.eth0/1.x" (sysctl.d(5)). If it is a dot, the key stays as it is. */
static void normalise_key(char *key)
{
	if (key[strcspn(key, "./")] != '/')
		return;
	for (char *p = key; *p; p++) {
		if (*p == '/')
			*p = '.';
		else if (*p == '.')
			*p = '/';
	}
}

bool sysctl_line_parse(char *line, struct sysctl_line *ret_line)
{
	line = parse_trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return false;
	bool exempts = *line == '-';
	if (exempts)
		line++;
	char *equals = strchr(line, '=');
	if (!equals && !exempts)
		return false;
	ret_line->value = NULL;
	if (equals) {
		*equals = '\0';
		ret_line->value = parse_trim(equals + 1);
	}
	ret_line->key = parse_trim(line);
	normalise_key(ret_line->key);
	return *ret_line->key != '\0';
}

static void sysctl_files_add(struct arena *arena,
		struct settings *settings,
		const struct setting *setting)
{
	settings->items = arena_grow(arena,
			settings->items,
			settings->count,
			&settings->capacity,
			sizeof *settings->items);
	settings->items[settings->count++] = *setting;
}

static void sysctl_files_read_file(struct probing *probing,
		const char *path,
		struct settings *settings)
{
	char *text;
	if (config_read_text(probing, path, &text) != 0)
		return;
	int number = 0;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		struct sysctl_line parsed;
		number++;
		if (settings->count == SETTINGS_MAX) {
			config_note_unread(probing, path);
			return;
		}
		if (!sysctl_line_parse(line, &parsed))
			continue;
		refused_put_dead(probing, parsed.key, path, number);
		const struct setting setting = {
				.key = refused_alias(parsed.key),
				.value = parsed.value,
				.path = path,
				.line = number,
				.glob = strpbrk(parsed.key, "*?[") != NULL,
		};
		sysctl_files_add(probing->arena, settings, &setting);
	}
}

static char *sysctl_files_slashed(struct arena *arena, const char *name)
{
	char *path = arena_strdup(arena, name);
	for (char *p = path; *p; p++) {
		if (*p == '.')
			*p = '/';
	}
	return path;
}

/* A star stands for a part of one component, as in a path. */
static bool glob_matches(struct arena *arena, const char *glob, const char *name)
{
	const char *pattern = sysctl_files_slashed(arena, glob);
	const char *path = sysctl_files_slashed(arena, name);
	return fnmatch(pattern, path, FNM_PATHNAME) == 0;
}

static bool setting_matches(struct arena *arena, const struct setting *setting, const char *name)
{
	if (setting->glob)
		return glob_matches(arena, setting->key, name);
	return strcmp(setting->key, name) == 0;
}

/* The setting that wins for a file under /proc/sys: the last that names it, else the last glob that
 * matches, unless a line "-KEY" exempts the file from globs. */
static const struct setting *find_setting(struct arena *arena,
		const struct settings *settings,
		const char *name)
{
	const struct setting *found = NULL;
	for (size_t i = 0; i < settings->count; i++) {
		const struct setting *setting = &settings->items[i];
		bool outranked = setting->glob && found && !found->glob;
		if (!outranked && setting_matches(arena, setting, name))
			found = setting;
	}
	if (found && !found->value)
		return NULL;
	return found;
}

static bool is_equal(const struct fact *fact, const struct reading *value)
{
	if (fact->status != FACT_KNOWN)
		return false;
	if (value->text)
		return fact->text && strcmp(fact->text, value->text) == 0;
	return !(fact->number < value->number) && !(fact->number > value->number);
}

enum {
	PORT_START = 1024 /* net.ipv4.ip_unprivileged_port_start as the kernel makes it */
};

/* The first port without privilege when this setting is applied: what a line before it has set. */
static double port_start_at(struct probing *probing,
		const struct settings *settings,
		const struct setting *setting)
{
	static const char name[] = "net.ipv4.ip_unprivileged_port_start";
	const struct setting *start = find_setting(probing->arena, settings, name);
	struct reading value;
	const char *problem;
	if (!start || start > setting)
		return PORT_START;
	if (!sysctl_parse(probing->arena, keys_find(name), start->value, &value, &problem))
		return PORT_START;
	return value.number;
}

/* Puts boot.KEY. If the live value is the same, it notes there that this line has set it. */
static void sysctl_files_put_boot(struct probing *probing,
		const struct settings *settings,
		const struct known_key *known,
		const struct setting *setting,
		const char *note)
{
	struct reading value;
	const char *problem;
	const char *boot = arena_printf(probing->arena, "boot.%s", known->key);
	const char *path = setting->path, *raw = setting->value;
	bool good = sysctl_parse(probing->arena, known, raw, &value, &problem);
	struct fact *fact;
	if (good) {
		double port_start = port_start_at(probing, settings, setting);
		const char *why = refused_why(probing, known, &value, port_start);
		if (why) {
			refused_put(probing, known->key, path, setting->line, raw, why);
			return;
		}
	}
	if (good)
		fact = put_value(probing, boot, &value, known->unit, path, raw);
	else
		fact = put_malformed(probing, boot, known->unit, path, raw, problem);
	fact->line = setting->line;
	fact->note = note;
	struct fact *live = (struct fact *)facts_get(probing->facts, known->key, NULL);
	if (good && live && is_equal(live, &value))
		live->set_by = arena_printf(probing->arena, "/%s:%d", path, setting->line);
}

static bool links_to_sysctl_conf(struct probing *probing, const char *path)
{
	char target[SOURCE_LINK_MAX];
	if (source_link(probing->source, path, target) != 0)
		return false;
	const char *name = target, *slash = strrchr(target, '/');
	if (slash)
		name = slash + 1;
	return strcmp(name, "sysctl.conf") == 0;
}

/* /etc/sysctl.conf counts at boot only where a sysctl.d file links to it, as on Debian. procps' own
 * `sysctl --system` reads it last in any case. Returns a note for its settings, or NULL. */
static const char *sysctl_files_read_all(struct probing *probing, struct settings *settings)
{
	const struct config_file *files;
	bool linked = false;
	size_t count = config_files(probing, directories, &files);
	for (size_t i = 0; i < count; i++) {
		if (links_to_sysctl_conf(probing, files[i].path))
			linked = true;
		sysctl_files_read_file(probing, files[i].path, settings);
	}
	/* It is read even where a link has already been followed to it, so that a snapshot has the file
	 * to which the link points. */
	size_t before = settings->count;
	sysctl_files_read_file(probing, conf_path, settings);
	if (linked)
		settings->count = before;
	if (settings->count == before)
		return NULL;
	return "/etc/sysctl.conf is not linked from sysctl.d: procps reads it, systemd-sysctl does not";
}

/* Notes the other values for the same name that come earlier: changing one of those lines would
 * change nothing. */
static void note_losers(struct probing *probing,
		const struct settings *settings,
		const char *key,
		const char *name,
		const char *winning_value)
{
	for (size_t i = 0; i < settings->count; i++) {
		const struct setting *setting = &settings->items[i];
		if (setting->glob || !setting->value)
			continue;
		if (strcmp(setting->key, name) != 0 || strcmp(setting->value, winning_value) == 0)
			continue;
		const char *text = arena_printf(probing->arena,
				"/%s:%d sets %.200s",
				setting->path,
				setting->line,
				setting->value);
		overridden_add(probing, key, text);
	}
}

static void sysctl_files_put_key(struct probing *probing,
		const struct settings *settings,
		const struct known_key *known,
		const char *conf_note)
{
	const char *name = keys_sysctl(probing->arena, known);
	const struct setting *setting = find_setting(probing->arena, settings, name);
	if (!setting)
		return;
	const char *note = NULL;
	if (strcmp(setting->path, conf_path) == 0)
		note = conf_note;
	sysctl_files_put_boot(probing, settings, known, setting, note);
	note_losers(probing, settings, known->key, name, setting->value);
}

static void sysctl_files_run(struct probing *probing)
{
	struct settings settings = {0};
	const char *conf_note = sysctl_files_read_all(probing, &settings);
	put_lists(probing, "boot.", probing->boot_unread ? LIST_PARTIAL : LIST_COMPLETE, 0);
	if (settings.count == 0)
		return;
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *known = keys_at(i);
		if (known->read != READ_BY_PROBE)
			sysctl_files_put_key(probing, &settings, known, conf_note);
	}
}

const struct probe probe_sysctl_files = {.name = "sysctl.d", .run = sysctl_files_run};
