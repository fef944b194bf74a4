/* What kube-proxy will set nf_conntrack_max to: its command line, its configuration where this host
 * has the file, else its defaults. */
#include "probes/host/kube_proxy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

/* kube-proxy's defaults: --conntrack-max-per-core 32768, --conntrack-min 131072 (kubernetes.io,
 * kube-proxy). */
struct conntrack {
	double per_core, least;
	const char *note;
};

static bool option(const char *word, const char *name, double *ret)
{
	uint64_t number;
	size_t length = strlen(name);
	if (strncmp(word, name, length) != 0 || word[length] != '=' ||
			!parse_whole(word + length + 1, &number))
		return false;
	*ret = (double)number;
	return true;
}

/* "conntrack:" and its "maxPerCore:" and "min:" in a KubeProxyConfiguration; its other members are
 * not looked at. */
static void kube_proxy_read_config(struct probing *probing, const char *path, struct conntrack *ret)
{
	char *text;
	bool inside = false;
	uint64_t number;
	if (probing_read_text(probing, path, &text) != 0)
		return;
	ret->note = arena_printf(probing->arena, "as /%s says", path);
	for (char *line; (line = parse_line(&text)) != NULL;) {
		if (*line != ' ' && *line != '#' && *line)
			inside = !strncmp(line, "conntrack:", 10);
		char *word = parse_trim(line);
		if (inside && !strncmp(word, "maxPerCore:", 11) &&
				parse_whole(parse_trim(word + 11), &number))
			ret->per_core = (double)number;
		else if (inside && !strncmp(word, "min:", 4) && parse_whole(parse_trim(word + 4), &number))
			ret->least = (double)number;
	}
}

void kube_proxy_found(struct probing *probing, int pid)
{
	static const char *const files[] = {"var/lib/kube-proxy/config.conf",
			"var/lib/kube-proxy/kube-proxy-config.yaml"};
	const char *path = arena_printf(probing->arena, "proc/%d/cmdline", pid), *bytes;
	struct conntrack conntrack = {32768, 131072, NULL};
	struct text kept = {0};
	size_t length;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return;
	char *copy = arena_copy(probing->arena, bytes, length);
	bool config = false;
	text_add_bytes(&kept, "kube-proxy", 11);
	for (size_t at = 0; at < length; at += strlen(copy + at) + 1) {
		const char *word = copy + at;
		config |= !strncmp(word, "--config", 8) && (word[8] == '=' || !word[8]);
		if (option(word, "--conntrack-max-per-core", &conntrack.per_core) ||
				option(word, "--conntrack-min", &conntrack.least) || !strncmp(word, "--config=", 9))
			text_add_bytes(&kept, word, strlen(word) + 1);
	}
	source_keep(probing->source, path, kept.data, kept.length);
	text_release(&kept);
	for (size_t i = 0; config && i < COUNT_OF(files) && !conntrack.note; i++)
		kube_proxy_read_config(probing, files[i], &conntrack);
	if (config && !conntrack.note)
		conntrack.note = "its configuration is not on this host: defaults are taken";
	double cpus = facts_number(probing->facts, "host.cpus");
	if (conntrack.per_core <= 0 || isnan(cpus))
		return; /* 0: kube-proxy leaves the value alone */
	put_number(probing,
			"boot.kube_proxy.conntrack_max",
			NULL,
			fmax(conntrack.per_core * cpus, conntrack.least),
			UNIT_COUNT,
			path,
			NULL)
			->note = conntrack.note;
}
