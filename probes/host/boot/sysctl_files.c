/* What the sysctls will be after the next boot: the sysctl.d files as systemd-sysctl applies them.
 * Also says which file set a live value. */
#include "probes/host/boot/sysctl_files.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "probes/host/boot/config.h"
#include "probes/host/boot/later_files.h"
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

struct setting {
	const char *key, *value, *path;
	int line;
	bool glob;
};

struct settings {
	struct setting *items;
	size_t count, capacity;
};

/* The first separator decides: "net/ipv4/conf/eth0.1/x" keeps its dots, "net.ipv4.conf.eth0/1.x"
 * swaps (sysctl.d(5)). Fact keys have dots. */
static void normalise_key(char *key)
{
	if (key[strcspn(key, "./")] == '/')
		for (char *p = key; *p; p++)
			*p = *p == '/' ? '.' : *p == '.' ? '/' : *p;
}

bool sysctl_line_parse(char *line, struct sysctl_line *ret_line)
{
	line = parse_trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return false;
	bool dash = *line == '-';
	line += dash;
	char *equals = strchr(line, '=');
	if (!equals && !dash)
		return false;
	if (equals)
		*equals = '\0';
	ret_line->key = parse_trim(line);
	ret_line->value = equals ? parse_trim(equals + 1) : NULL;
	normalise_key(ret_line->key);
	return *ret_line->key != '\0';
}

static void sysctl_files_read_file(struct probing *probing,
		const char *path,
		struct settings *settings)
{
	char *text;
	if (probing_read_text(probing, path, &text) != 0)
		return;
	int number = 1;
	for (char *line; (line = parse_line(&text)) != NULL && settings->count < SETTINGS_MAX;
			number++) {
		struct sysctl_line parsed;
		if (!sysctl_line_parse(line, &parsed))
			continue;
		settings->items = arena_grow(probing->arena,
				settings->items,
				settings->count,
				&settings->capacity,
				sizeof *settings->items);
		settings->items[settings->count++] = (struct setting){.key = parsed.key,
				.value = parsed.value,
				.path = path,
				.line = number,
				.glob = strpbrk(parsed.key, "*?[") != NULL};
	}
}

/* A star stands for part of one component, as in a path. */
static bool glob_matches(struct arena *arena, const char *glob, const char *name)
{
	char *pattern = arena_strdup(arena, glob), *path = arena_strdup(arena, name);
	for (char *p = pattern; *p; p++)
		*p = *p == '.' ? '/' : *p;
	for (char *p = path; *p; p++)
		*p = *p == '.' ? '/' : *p;
	return fnmatch(pattern, path, FNM_PATHNAME) == 0;
}

/* The last word on a file under /proc/sys: an explicit one, else a glob unless the key is exempted.
 */
static const struct setting *find_setting(struct arena *arena,
		const struct settings *settings,
		const char *name)
{
	const struct setting *found = NULL;
	for (size_t i = 0; i < settings->count; i++) {
		const struct setting *setting = &settings->items[i];
		bool matches = setting->glob ? glob_matches(arena, setting->key, name)
									 : strcmp(setting->key, name) == 0;
		if (matches && (!setting->glob || !found || found->glob))
			found = setting;
	}
	return found && found->value ? found : NULL;
}

/* "proc/sys/net/ipv4/tcp_mem" is the sysctl net.ipv4.tcp_mem. */
static const char *sysctl_name(struct arena *arena, const char *path)
{
	char *name = arena_strdup(arena, path + strlen("proc/sys/"));
	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '.';
	return name;
}

static bool is_equal(const struct fact *fact, const struct reading *value)
{
	if (fact->status != FACT_KNOWN)
		return false;
	if (value->text)
		return fact->text && strcmp(fact->text, value->text) == 0;
	return !(fact->number < value->number) && !(fact->number > value->number);
}

static void put_setting(struct probing *probing,
		const struct known_key *known,
		const struct setting *setting,
		const char *note)
{
	struct reading value;
	const char *problem, *boot = arena_printf(probing->arena, "boot.%s", known->key);
	struct fact *fact;
	if (!sysctl_parse(probing->arena, known, setting->value, &value, &problem))
		fact = put_malformed(probing,
				boot,
				NULL,
				known->unit,
				setting->path,
				setting->value,
				problem);
	else if (value.text)
		fact = put_text(probing, boot, NULL, value.text, setting->path, setting->value);
	else
		fact = put_number(probing,
				boot,
				NULL,
				value.number,
				known->unit,
				setting->path,
				setting->value);
	fact->line = setting->line;
	fact->note = note;
	struct fact *live = (struct fact *)facts_get(probing->facts, known->key, NULL);
	if (fact->status == FACT_KNOWN && live && is_equal(live, &value))
		live->set_by = arena_printf(probing->arena, "/%s:%d", setting->path, setting->line);
}

/* /etc/sysctl.conf counts at boot only where a sysctl.d file links to it, as Debian has it; procps'
 * own `sysctl --system` reads it last in any case. */
static const char *sysctl_files_read_all(struct probing *probing, struct settings *settings)
{
	static const char conf[] = "etc/sysctl.conf";
	const struct config_file *files;
	char target[SOURCE_LINK_MAX];
	bool linked = false;
	size_t count = config_files(probing, directories, &files);
	for (size_t i = 0; i < count; i++) {
		if (source_link(probing->source, files[i].path, target) == 0) {
			const char *slash = strrchr(target, '/');
			linked |= strcmp(slash ? slash + 1 : target, "sysctl.conf") == 0;
		}
		sysctl_files_read_file(probing, files[i].path, settings);
	}
	size_t before = settings->count;
	sysctl_files_read_file(probing,
			conf,
			settings); /* also keeps what the link in a snapshot points to */
	if (linked)
		settings->count = before;
	return linked || settings->count == before ? NULL
											   : "/etc/sysctl.conf is not linked from sysctl.d: "
												 "procps reads it, systemd-sysctl does not";
}

/* Other values for the same name that come earlier: who changes one of those files changes nothing.
 */
static void note_losers(struct probing *probing,
		const struct settings *settings,
		const char *key,
		const char *name,
		const struct setting *winner)
{
	for (size_t i = 0; i < settings->count; i++) {
		const struct setting *setting = &settings->items[i];
		if (setting == winner || setting->glob || !setting->value ||
				strcmp(setting->key, name) != 0 || !strcmp(setting->value, winner->value))
			continue;
		later_overridden(probing,
				key,
				arena_printf(probing->arena,
						"/%s:%d sets %.200s",
						setting->path,
						setting->line,
						setting->value));
	}
}

static void sysctl_files_run(struct probing *probing)
{
	struct settings settings = {0};
	const char *note = sysctl_files_read_all(probing, &settings);
	for (size_t i = 0; i < keys_count() && settings.count > 0; i++) {
		const struct known_key *known = keys_at(i);
		if (known->read == READ_BY_PROBE)
			continue;
		const char *name = sysctl_name(probing->arena, keys_path(probing->arena, known));
		const struct setting *setting = find_setting(probing->arena, &settings, name);
		if (!setting)
			continue;
		put_setting(probing,
				known,
				setting,
				strcmp(setting->path, "etc/sysctl.conf") == 0 ? note : NULL);
		note_losers(probing, &settings, known->key, name, setting);
	}
}

const struct probe probe_sysctl_files = {.name = "sysctl.d", .run = sysctl_files_run};
