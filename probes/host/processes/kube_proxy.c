/* The nf_conntrack_max that kube-proxy will set: from its command line, from its configuration if
 * this host has the file, else from its defaults. */
#include "probes/host/processes/kube_proxy.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	KUBE_PROXY_MAX_PER_CORE = 32768, /* --conntrack-max-per-core (kubernetes.io, kube-proxy) */
	KUBE_PROXY_MIN = 131072          /* --conntrack-min */
};

struct conntrack {
	double per_core, least;
	const char *note;
};

/* "NAME=NUMBER" with this name. */
static bool option(const char *word, const char *name, double *ret)
{
	uint64_t number;
	size_t length = strlen(name);
	if (strncmp(word, name, length) != 0 || word[length] != '=')
		return false;
	if (!parse_whole(word + length + 1, &number))
		return false;
	*ret = (double)number;
	return true;
}

/* "NAME: NUMBER" with this name. */
static void kube_proxy_take_member(const char *line, const char *name, double *ret)
{
	uint64_t number;
	size_t length = strlen(name);
	if (strncmp(line, name, length) == 0 && parse_whole(line + length, &number))
		*ret = (double)number;
}

/* "conntrack:" and its "maxPerCore:" and "min:" in a KubeProxyConfiguration. Its other members do
 * not matter here. */
static void kube_proxy_read_config(struct probing *probing, const char *path, struct conntrack *ret)
{
	char *text;
	bool inside = false;
	if (probing_read_text(probing, path, &text) != 0)
		return;
	ret->note = arena_printf(probing->arena, "as /%s says", path);
	for (char *line; (line = parse_line(&text)) != NULL;) {
		bool top_level = *line && *line != ' ' && *line != '#';
		if (top_level)
			inside = text_begins_with(line, "conntrack:");
		if (!inside)
			continue;
		const char *word = parse_trim(line);
		kube_proxy_take_member(word, "maxPerCore:", &ret->per_core);
		kube_proxy_take_member(word, "min:", &ret->least);
	}
}

/* The path on the command line is often one inside a container, so the file is looked for in the
 * usual places of the host. */
static void kube_proxy_find_config(struct probing *probing, struct conntrack *ret)
{
	static const char *const files[] = {
			"var/lib/kube-proxy/config.conf",
			"var/lib/kube-proxy/kube-proxy-config.yaml",
	};
	for (size_t i = 0; i < COUNT_OF(files) && !ret->note; i++)
		kube_proxy_read_config(probing, files[i], ret);
	if (!ret->note)
		ret->note = "its configuration is not on this host, so defaults are assumed";
}

static bool kube_proxy_names_config(const char *word)
{
	return strcmp(word, "--config") == 0 || text_begins_with(word, "--config=");
}

/* Takes the options that count from the command line. A snapshot keeps them and nothing else of it.
 * Returns true if the command line names a configuration. */
static bool kube_proxy_read_options(struct probing *probing,
		const char *path,
		const char *words,
		size_t length,
		struct conntrack *ret)
{
	struct text kept = {0};
	bool config = false;
	text_add_bytes(&kept, "kube-proxy", sizeof "kube-proxy");
	for (const char *word = words; word < words + length; word += strlen(word) + 1) {
		bool matters = option(word, "--conntrack-max-per-core", &ret->per_core);
		matters |= option(word, "--conntrack-min", &ret->least);
		matters |= text_begins_with(word, "--config=");
		config |= kube_proxy_names_config(word);
		if (matters)
			text_add_bytes(&kept, word, strlen(word) + 1);
	}
	source_keep(probing->source, path, kept.data, kept.length);
	text_release(&kept);
	return config;
}

void kube_proxy_found(struct probing *probing, int pid)
{
	const char *path = arena_printf(probing->arena, "proc/%d/cmdline", pid), *bytes;
	struct conntrack conntrack = {
			.per_core = KUBE_PROXY_MAX_PER_CORE,
			.least = KUBE_PROXY_MIN,
	};
	size_t length;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return;
	const char *words = arena_copy(probing->arena, bytes, length);
	if (kube_proxy_read_options(probing, path, words, length, &conntrack))
		kube_proxy_find_config(probing, &conntrack);
	double cpus = facts_number(probing->facts, "host.cpus");
	if (conntrack.per_core <= 0 || isnan(cpus))
		return; /* 0: kube-proxy leaves the value alone */
	double most = fmax(conntrack.per_core * cpus, conntrack.least);
	static const char key[] = "boot.kube_proxy.conntrack_max";
	struct fact *fact = put_number(probing, key, most, UNIT_COUNT, path, NULL);
	fact->note = conntrack.note;
}
