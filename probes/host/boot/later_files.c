/* What sets sysctls after sysctl.d at boot, and so wins: the profile of TuneD, and kube-proxy. This
 * probe runs after that of sysctl_files.c and replaces its boot.KEY. It reads files, and what the
 * pass over the processes found of kube-proxy; it asks no service. */
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/boot/config.h"
#include "probes/host/boot/overridden.h"
#include "probes/host/boot/refused.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	INCLUDES_MAX = 8,
	PROFILES_MAX = 32,
	TUNED_MAX = 512
};

static const char profiles_path[] = "etc/tuned/active_profile";

struct tuned_setting {
	const char *key, *value, *path;
	int line;
};

struct tuned {
	struct probing *probing;
	struct tuned_setting *items;
	size_t count, capacity;
	/* How many were read: profiles may include each other, and even themselves. */
	unsigned profiles;
};

static void read_profiles(struct tuned *tuned, char *names, int depth);

static char *unquote(char *text)
{
	size_t length = strlen(text);
	if (length >= 2 && (*text == '"' || *text == '\'') && text[length - 1] == *text) {
		text[length - 1] = '\0';
		text++;
	}
	return text;
}

static struct tuned_setting *tuned_find(const struct tuned *tuned, const char *key)
{
	for (size_t i = 0; i < tuned->count; i++) {
		if (strcmp(tuned->items[i].key, key) == 0)
			return &tuned->items[i];
	}
	return NULL;
}

/* A later setting of a key replaces the earlier one. */
static void take_setting(struct tuned *tuned, const struct tuned_setting *setting)
{
	bool variable = strchr(setting->value, '$'); /* its value only TuneD knows */
	if (variable || tuned->count == TUNED_MAX) {
		config_note_unread(tuned->probing, setting->path);
		return;
	}
	struct tuned_setting *place = tuned_find(tuned, setting->key);
	if (!place) {
		tuned->items = arena_grow(tuned->probing->arena,
				tuned->items,
				tuned->count,
				&tuned->capacity,
				sizeof *tuned->items);
		place = &tuned->items[tuned->count++];
	}
	*place = *setting;
}

/* TuneD loads the module before it sets sysctls: "+r" loads it anew, with the options that follow
 * (plugin_modules.py). A value that only TuneD knows says nothing. */
static void take_module(struct tuned *tuned, const struct tuned_setting *setting)
{
	static const char key[] = "boot.modules.nf_conntrack";
	if (strcmp(setting->key, "nf_conntrack") != 0 || strchr(setting->value, '$'))
		return;
	struct fact *fact = put_number(tuned->probing, key, 1, UNIT_BOOL, setting->path, NULL);
	fact->line = setting->line;
	fact->note = "TuneD loads it with its profile";
}

/* One line "KEY = VALUE" of a section. */
static void read_profile_line(struct tuned *tuned,
		const char *section,
		const struct tuned_setting *setting,
		int depth)
{
	if (strcmp(section, "[sysctl]") == 0) {
		take_setting(tuned, setting);
		return;
	}
	if (strcmp(section, "[modules]") == 0) {
		take_module(tuned, setting);
		return;
	}
	bool include = strcmp(setting->key, "include") == 0;
	if (include && strcmp(section, "[main]") == 0)
		read_profiles(tuned, arena_strdup(tuned->probing->arena, setting->value), depth + 1);
}

/* "[main] include=OTHER" comes first, then "[sysctl] key=value" (tuned.conf(5),
 * tuned-profiles(7)). */
static void read_profile(struct tuned *tuned, const char *path, int depth)
{
	char *text;
	const char *section = "";
	int number = 0;
	if (config_read_text(tuned->probing, path, &text) != 0)
		return;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		number++;
		line = parse_trim(line);
		if (*line == '[')
			section = line;
		if (*line == '\0' || strchr("#;[", *line))
			continue;
		char *equals = strchr(line, '=');
		if (!equals)
			continue;
		*equals = '\0';
		const struct tuned_setting setting = {
				.key = refused_alias(parse_trim(line)),
				.value = unquote(parse_trim(equals + 1)),
				.path = path,
				.line = number,
		};
		read_profile_line(tuned, section, &setting, depth);
	}
}

/* The file of a profile; NULL: there is none. */
static const char *tuned_profile_path(struct probing *probing, const char *name)
{
	/* TuneD 2.24 moved the profiles one directory down. */
	static const char *const directories[] = {
			"etc/tuned",
			"etc/tuned/profiles",
			"usr/lib/tuned",
			"usr/lib/tuned/profiles",
	};
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		const char *path = arena_printf(probing->arena, "%s/%s/tuned.conf", directories[i], name);
		if (source_exists(probing->source, path))
			return path;
	}
	return NULL;
}

static void read_profiles(struct tuned *tuned, char *names, int depth)
{
	if (depth > INCLUDES_MAX) {
		config_note_unread(tuned->probing, profiles_path);
		return;
	}
	for (char *name; (name = strsep(&names, " ,\t\n")) != NULL;) {
		bool plain = *name && *name != '.' && !strchr(name, '/');
		if (!plain)
			continue;
		const char *path = tuned_profile_path(tuned->probing, name);
		if (!path || tuned->profiles == PROFILES_MAX) {
			config_note_unread(tuned->probing, path ? path : profiles_path);
			continue;
		}
		tuned->profiles++;
		read_profile(tuned, path, depth);
	}
}

static bool tuned_is_true(const char *value)
{
	static const char *const words[] = {"1", "true", "yes", "on"};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcasecmp(value, words[i]) == 0)
			return true;
	}
	return false;
}

/* reapply_sysctl of tuned-main.conf, which is on unless it says otherwise: then /etc/sysctl.d and
 * /run/sysctl.d win over the profile, but /usr/lib/sysctl.d does not
 * (tuned/plugins/plugin_sysctl.py, _apply_system_sysctl). */
static bool reapplies(struct probing *probing)
{
	char *text;
	bool on = true;
	if (config_read_text(probing, "etc/tuned/tuned-main.conf", &text) != 0)
		return true;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		char *equals = strchr(line, '=');
		if (!equals)
			continue;
		*equals = '\0';
		if (strcmp(parse_trim(line), "reapply_sysctl") == 0)
			on = tuned_is_true(parse_trim(equals + 1));
	}
	return on;
}

/* "/etc/sysctl.d/10-a.conf:3 sets 128" */
static const char *tuned_loser(struct probing *probing, const struct fact *before)
{
	const char *value = before->raw;
	if (!value)
		value = "another value";
	return arena_printf(probing->arena, "%s:%d sets %s", before->where, before->line, value);
}

/* Gives the live value in *ret. false: it is not known, or not a number. */
static bool tuned_live_number(struct probing *probing, const struct known_key *known, double *ret)
{
	const struct fact *live = facts_get(probing->facts, known->key, NULL);
	if (!live || live->status != FACT_KNOWN || live->unit == UNIT_TEXT)
		return false;
	*ret = live->number;
	return true;
}

/* The value that a setting leads to: ">2048" is set only where the live value is not larger, and
 * "<2048" only where it is not smaller. NULL: the setting changes nothing. */
static const char *modified(struct probing *probing,
		const struct known_key *known,
		const char *value)
{
	struct reading wanted;
	const char *problem;
	double live;
	if (*value != '>' && *value != '<')
		return value;
	const char *rest = value + 1 + strspn(value + 1, " ");
	if (!tuned_live_number(probing, known, &live))
		return NULL;
	if (!sysctl_parse(probing->arena, known, rest, &wanted, &problem) || wanted.text)
		return NULL;
	bool raises = *value == '>' && live <= wanted.number;
	bool lowers = *value == '<' && live >= wanted.number;
	if (!raises && !lowers)
		return NULL;
	return rest;
}

/* What sysctl.d says of a key; NULL: nothing. */
static const struct fact *tuned_before(struct probing *probing, const char *boot)
{
	const struct fact *before = facts_get(probing->facts, boot, NULL);
	if (!before || before->status != FACT_KNOWN || !before->where)
		return NULL;
	return before;
}

static bool is_reapplied(const struct fact *before)
{
	return text_begins_with(before->where, "/etc/") || text_begins_with(before->where, "/run/");
}

static void apply_tuned(struct probing *probing,
		const struct known_key *known,
		const struct tuned_setting *setting,
		bool reapply)
{
	static const char again[] = "TuneD sets %s (/%s:%d), then applies /etc/sysctl.d again";
	struct reading value;
	const char *problem;
	const char *text = modified(probing, known, setting->value);
	if (!text || !sysctl_parse(probing->arena, known, text, &value, &problem))
		return;
	const char *boot = arena_printf(probing->arena, "boot.%s", known->key);
	const struct fact *before = tuned_before(probing, boot);
	if (before && reapply && is_reapplied(before)) {
		text = arena_printf(probing->arena, again, text, setting->path, setting->line);
		overridden_add(probing, known->key, text);
		return;
	}
	if (before)
		overridden_add(probing, known->key, tuned_loser(probing, before));
	struct fact *fact =
			put_value(probing, boot, &value, known->unit, setting->path, setting->value);
	fact->line = setting->line;
	fact->note = "TuneD applies its profile after sysctl.d";
}

static void apply_profiles(struct probing *probing, const struct tuned *tuned)
{
	bool reapply = reapplies(probing);
	for (size_t i = 0; i < keys_count() && tuned->count > 0; i++) {
		const struct known_key *known = keys_at(i);
		if (known->read == READ_BY_PROBE)
			continue;
		const struct tuned_setting *setting = tuned_find(tuned, keys_sysctl(probing->arena, known));
		if (setting)
			apply_tuned(probing, known, setting, reapply);
	}
}

static bool tuned_is_enabled(struct probing *probing)
{
	static const char path[] = "etc/systemd/system/multi-user.target.wants/tuned.service";
	char link[SOURCE_LINK_MAX];
	if (source_link(probing->source, path, link) == 0)
		return true;
	/* In a snapshot that came without links, as of git on Windows, it is a file. */
	return !probing->live && source_exists(probing->source, path);
}

static void run_tuned(struct probing *probing)
{
	char *names;
	struct tuned tuned = {.probing = probing};
	if (config_read_text(probing, profiles_path, &names) != 0)
		return;
	names = parse_trim(names);
	const char *shown = arena_strdup(probing->arena, names);
	struct fact *profile = put_text(probing, "tuned.profile", shown, profiles_path, NULL);
	if (!tuned_is_enabled(probing)) {
		profile->note = "tuned.service is not enabled: the profile is not applied at boot";
		return;
	}
	read_profiles(&tuned, names, 0);
	apply_profiles(probing, &tuned);
}

/* kube-proxy writes nf_conntrack_max at each start, up or down (pkg/proxy/conntrack,
 * getConntrackMax). */
static void run_kube_proxy(struct probing *probing)
{
	static const char key[] = "net.netfilter.nf_conntrack_max";
	static const char boot[] = "boot.net.netfilter.nf_conntrack_max";
	const struct fact *proxy = facts_get(probing->facts, "boot.kube_proxy.conntrack_max", NULL);
	if (!proxy || proxy->status != FACT_KNOWN)
		return;
	double most = proxy->number;
	const char *where = proxy->where;
	const struct fact *before = tuned_before(probing, boot);
	if (before)
		overridden_add(probing, key, tuned_loser(probing, before));
	struct fact *fact = facts_put_number(probing->facts, boot, NULL, most, UNIT_COUNT, where);
	fact->note = "kube-proxy sets it at each start, after sysctl.d";
	fact->read_at = probing->read_at;
}

static void later_files_run(struct probing *probing)
{
	run_tuned(probing);
	run_kube_proxy(probing);
}

const struct probe probe_later_files = {.name = "after sysctl.d", .run = later_files_run};
