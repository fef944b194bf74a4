/* What sets sysctls after sysctl.d at boot, and so wins: TuneD's profile, kube-proxy. Runs after
 * sysctl_files.c and replaces its boot.KEY. Nobody is asked: files and the command line of
 * kube-proxy. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/host/boot/config.h"
#include "probes/host/boot/later_files.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	INCLUDES_MAX = 8,
	PROFILES_MAX = 32,
	TUNED_MAX = 512,
	LOSERS_CHARS_MAX = 600
};

struct tuned_setting {
	const char *key, *value, *path;
	int line;
};

struct tuned {
	struct probing *probing;
	struct tuned_setting *items;
	size_t count, capacity;
	unsigned profiles; /* read so far: they may include each other, and themselves */
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

static void take_setting(struct tuned *tuned, char *key, char *value, const char *path, int line)
{
	if (strchr(value, '$') || tuned->count == TUNED_MAX)
		return; /* a variable: its value is computed by TuneD */
	for (size_t i = 0; i < tuned->count; i++)
		if (!strcmp(tuned->items[i].key, key)) {
			tuned->items[i] = (struct tuned_setting){key, value, path, line};
			return;
		}
	tuned->items = arena_grow(tuned->probing->arena,
			tuned->items,
			tuned->count,
			&tuned->capacity,
			sizeof *tuned->items);
	tuned->items[tuned->count++] = (struct tuned_setting){key, value, path, line};
}

/* "[main] include=OTHER" first, then "[sysctl] key=value" (tuned.conf(5), tuned-profiles(7)). */
static void read_profile(struct tuned *tuned, const char *path, int depth)
{
	char *text, *section = "";
	int number = 1;
	if (probing_read_text(tuned->probing, path, &text) != 0)
		return;
	for (char *line; (line = parse_line(&text)) != NULL; number++) {
		line = parse_trim(line);
		char *equals = strchr(line, '=');
		if (*line == '[')
			section = line;
		if (*line == '#' || *line == ';' || *line == '[' || !equals)
			continue;
		*equals = '\0';
		char *key = parse_trim(line), *value = unquote(parse_trim(equals + 1));
		if (!strcmp(section, "[main]") && !strcmp(key, "include"))
			read_profiles(tuned, value, depth + 1);
		else if (!strcmp(section, "[sysctl]"))
			take_setting(tuned, key, value, path, number);
	}
}

static void read_profiles(struct tuned *tuned, char *names, int depth)
{
	/* TuneD 2.24 moved the profiles one directory down. */
	static const char *const directories[] = {"etc/tuned",
			"etc/tuned/profiles",
			"usr/lib/tuned",
			"usr/lib/tuned/profiles"};
	for (char *name; depth <= INCLUDES_MAX && (name = strsep(&names, " ,\t\n")) != NULL;) {
		if (!*name || *name == '.' || strchr(name, '/'))
			continue;
		for (size_t i = 0; i < COUNT_OF(directories); i++) {
			const char *path =
					arena_printf(tuned->probing->arena, "%s/%s/tuned.conf", directories[i], name);
			if (tuned->profiles == PROFILES_MAX || !source_exists(tuned->probing->source, path))
				continue;
			tuned->profiles++;
			read_profile(tuned, path, depth);
			break;
		}
	}
}

/* tuned-main.conf: reapply_sysctl, on where it is not said: then /etc/sysctl.d and /run/sysctl.d
 * win over the profile, but not /usr/lib/sysctl.d (tuned/plugins/plugin_sysctl.py,
 * _apply_system_sysctl). */
static bool reapplies(struct probing *probing)
{
	char *text;
	bool on = true;
	if (probing_read_text(probing, "etc/tuned/tuned-main.conf", &text) != 0)
		return true;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		char *equals = strchr(line, '=');
		if (!equals)
			continue;
		*equals = '\0';
		char *value = parse_trim(equals + 1);
		if (!strcmp(parse_trim(line), "reapply_sysctl"))
			on = !strcmp(value, "1") || !strcasecmp(value, "true") || !strcasecmp(value, "yes") ||
					!strcasecmp(value, "on");
	}
	return on;
}

void later_overridden(struct probing *probing, const char *key, const char *text)
{
	const struct fact *before = facts_get(probing->facts, "boot.overridden", key);
	if (before && before->text && strlen(before->text) > LOSERS_CHARS_MAX)
		return; /* these are enough */
	if (before && before->text)
		text = arena_printf(probing->arena, "%s; %s", before->text, text);
	put_text(probing, "boot.overridden", key, text, NULL, NULL);
}

/* ">2048": only where the value is smaller. */
static const char *modified(struct probing *probing,
		const struct known_key *known,
		const char *value)
{
	struct reading wanted;
	const char *problem;
	if (*value != '>' && *value != '<')
		return value;
	const struct fact *live = facts_get(probing->facts, known->key, NULL);
	const char *rest = value + 1 + strspn(value + 1, " ");
	if (!live || live->status != FACT_KNOWN || live->unit == UNIT_TEXT ||
			!sysctl_parse(probing->arena, known, rest, &wanted, &problem) || wanted.text)
		return NULL;
	bool counts = *value == '>' ? live->number <= wanted.number : live->number >= wanted.number;
	return counts ? rest : NULL;
}

static void apply_tuned(struct probing *probing,
		const struct known_key *known,
		const struct tuned_setting *setting,
		bool reapply)
{
	struct reading value;
	struct fact *fact;
	const char *problem, *boot = arena_printf(probing->arena, "boot.%s", known->key);
	const char *text = modified(probing, known, setting->value);
	const struct fact *before = facts_get(probing->facts, boot, NULL);
	const char *where = before && before->status == FACT_KNOWN && before->where ? before->where
																				: "";
	if (!text || !sysctl_parse(probing->arena, known, text, &value, &problem))
		return;
	if (reapply && (!strncmp(where, "/etc/", 5) || !strncmp(where, "/run/", 5))) {
		later_overridden(probing,
				known->key,
				arena_printf(probing->arena,
						"TuneD sets %s (/%s:%d), then applies /etc/sysctl.d again",
						text,
						setting->path,
						setting->line));
		return;
	}
	if (*where)
		later_overridden(probing,
				known->key,
				arena_printf(probing->arena,
						"%s:%d sets %s",
						where,
						before->line,
						before->raw ? before->raw : "another value"));
	fact = value.text ? put_text(probing, boot, NULL, value.text, setting->path, setting->value)
					  : put_number(probing,
								boot,
								NULL,
								value.number,
								known->unit,
								setting->path,
								setting->value);
	fact->line = setting->line;
	fact->note = "TuneD applies its profile after sysctl.d";
}

static const char *dotted(struct arena *arena, const char *path)
{
	char *name = arena_strdup(arena, path + strlen("proc/sys/"));
	for (char *p = name; *p; p++)
		*p = *p == '/' ? '.' : *p;
	return name;
}

static void run_tuned(struct probing *probing)
{
	char *names, link[SOURCE_LINK_MAX];
	struct tuned tuned = {.probing = probing};
	if (probing_read_text(probing, "etc/tuned/active_profile", &names) != 0)
		return;
	names = parse_trim(names);
	struct fact *profile = put_text(probing,
			"tuned.profile",
			NULL,
			arena_strdup(probing->arena, names),
			"etc/tuned/active_profile",
			NULL);
	if (source_link(probing->source,
				"etc/systemd/system/multi-user.target.wants/tuned.service",
				link) != 0) {
		profile->note = "tuned.service is not enabled: the profile is not applied at boot";
		return;
	}
	bool reapply = reapplies(probing);
	read_profiles(&tuned, names, 0);
	for (size_t i = 0; i < keys_count() && tuned.count; i++) {
		const struct known_key *known = keys_at(i);
		if (known->read == READ_BY_PROBE)
			continue;
		const char *name = dotted(probing->arena, keys_path(probing->arena, known));
		for (size_t k = 0; k < tuned.count; k++)
			if (!strcmp(tuned.items[k].key, name))
				apply_tuned(probing, known, &tuned.items[k], reapply);
	}
}

/* kube-proxy writes nf_conntrack_max at each start, up or down (pkg/proxy/conntrack,
 * getConntrackMax). */
static void run_kube_proxy(struct probing *probing)
{
	const struct fact *proxy = facts_get(probing->facts, "boot.kube_proxy.conntrack_max", NULL);
	const struct fact *before =
			facts_get(probing->facts, "boot.net.netfilter.nf_conntrack_max", NULL);
	if (!proxy || proxy->status != FACT_KNOWN)
		return;
	if (before && before->status == FACT_KNOWN && before->where)
		later_overridden(probing,
				"net.netfilter.nf_conntrack_max",
				arena_printf(probing->arena,
						"%s:%d sets %s",
						before->where,
						before->line,
						before->raw ? before->raw : "another value"));
	struct fact *fact = facts_put_number(probing->facts,
			"boot.net.netfilter.nf_conntrack_max",
			NULL,
			proxy->number,
			UNIT_COUNT,
			proxy->where);
	fact->note = "kube-proxy sets it at each start, after sysctl.d";
	fact->read_at = probing->read_at;
}

static void later_files_run(struct probing *probing)
{
	run_tuned(probing);
	run_kube_proxy(probing);
}

const struct probe probe_later_files = {.name = "after sysctl.d", .run = later_files_run};
