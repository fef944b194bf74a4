/* Connection tracking: do rules of this network namespace need it, and did its table drop anything?
 * Asks nothing that would make the kernel load a module. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/os/json.h"
#include "base/portset.h"
#include "base/text.h"
#include "probes/host/counters.h"
#include "probes/host/nft.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

static const char key[] = "conntrack.tracked";
static const char command[] = "nft list ruleset";

static struct fact *put_tracked(struct probing *probing, bool tracked, const char *note)
{
	struct fact *fact = facts_put_number(probing->facts, key, NULL, tracked, UNIT_BOOL, command);
	fact->read_at = probing->read_at;
	fact->note = note;
	return fact;
}

static void put_unknown(struct probing *probing, enum fact_status status, const char *note)
{
	facts_put_missing(probing->facts, key, NULL, status, UNIT_BOOL, command, note);
}

/* nf_conntrack shows its settings in every network namespace; without them it is not there. */
static bool is_loaded(struct probing *probing)
{
	const struct fact *max = facts_get(probing->facts, "net.netfilter.nf_conntrack_max", NULL);
	return !max || max->status != FACT_ABSENT;
}

/* A netlink request would load nf_tables: only where it is loaded or built in. /proc/modules does
 * not exist on a kernel without modules. */
static bool may_ask_nft(struct probing *probing)
{
	const char *text;
	size_t length;
	if (!source_exists(probing->source, "proc/modules") ||
			source_exists(probing->source, "sys/module/nf_tables"))
		return true;
	return source_read_bytes(probing->source, "proc/modules", &text, &length) != 0 || length == 0;
}

/* The names of the legacy iptables tables in use, of both families; NULL when there are none. */
static const char *legacy_tables(struct probing *probing, int *ret_error)
{
	static const char *const paths[] = {"proc/net/ip_tables_names", "proc/net/ip6_tables_names"};
	struct text names = {0};
	*ret_error = 0;
	for (size_t i = 0; i < 2; i++) {
		char *text;
		int error = probing_read_text(probing, paths[i], &text);
		if (error && put_status_of(error) != FACT_ABSENT)
			*ret_error = error;
		else if (!error)
			text_add(&names, text);
	}
	const char *copy = names.length ? arena_copy(probing->arena, names.data, names.length) : NULL;
	text_release(&names);
	return copy;
}

static bool conntrack_has_line(const char *text, const char *line)
{
	size_t length = strlen(line);
	for (; text && *text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL)
		if (strncmp(text, line, length) == 0 && (text[length] == '\n' || text[length] == '\0'))
			return true;
	return false;
}

static void add_published(struct probing *probing, const struct portset *published)
{
	struct fact *fact = (struct fact *)facts_get(probing->facts, "ports.published", NULL);
	struct portset all = {0};
	struct error ignored;
	struct text text = {0};
	if (portset_count(published, 0, 65535) == 0)
		return;
	if (fact && fact->status == FACT_KNOWN)
		(void)portset_parse(fact->text, &all, &ignored);
	portset_union(&all, published);
	portset_print(&all, &text);
	facts_put_text(probing->facts,
			"ports.published",
			NULL,
			arena_copy(probing->arena, text.data, text.length),
			"docker-proxy command lines, nft rules");
	text_release(&text);
}

/* What speaks when no nft rule does: legacy tables, entries that exist. */
static void judge_without_rules(struct probing *probing, int nft_error, const char *note)
{
	int error;
	const char *tables = legacy_tables(probing, &error);
	double entries = facts_number(probing->facts, "net.netfilter.nf_conntrack_count");
	if (conntrack_has_line(tables, "nat"))
		put_tracked(probing, true, "legacy iptables has a nat table");
	else if (entries > 0)
		put_tracked(probing, true, "connection tracking has entries now, so some rule needs it");
	else if (nft_error)
		put_unknown(probing,
				put_status_of(nft_error),
				"the rules cannot be read without CAP_NET_ADMIN, and there are no entries now");
	else if (tables)
		put_unknown(probing,
				FACT_SKIPPED,
				"legacy iptables tables are in use; their rules are not read");
	else if (error)
		put_unknown(probing,
				put_status_of(error),
				"whether legacy iptables is in use cannot be read");
	else
		put_tracked(probing, false, note);
}

static void conntrack_judge(struct probing *probing, const cJSON *ruleset)
{
	struct nft_findings *findings = arena_alloc(probing->arena, sizeof *findings);
	nft_judge(probing->arena, ruleset, findings);
	add_published(probing, &findings->published);
	const char *note = findings->notrack ? "some rules say notrack" : NULL;
	if (findings->tracked)
		put_tracked(probing,
				true,
				arena_printf(probing->arena,
						"%s%s",
						findings->by,
						note ? "; some rules say notrack" : ""));
	else if (findings->more)
		put_unknown(probing, FACT_SKIPPED, "more than 10,000 rules: not all were looked at");
	else
		judge_without_rules(probing, 0, note);
}

static void conntrack_read_kept(struct probing *probing)
{
	const char *bytes;
	size_t length;
	struct error err = {0};
	int error = source_read_bytes(probing->source, "nft.json", &bytes, &length);
	struct json *json = error ? NULL : json_read("nft.json", bytes, length, &err);
	if (json)
		conntrack_judge(probing, json_root(json));
	else if (error == ENOENT)
		judge_without_rules(probing, 0, "no nftables rules");
	else if (error)
		judge_without_rules(probing, error, NULL);
	else
		put_unknown(probing, FACT_MALFORMED, arena_strdup(probing->arena, err.text));
	json_free(json);
}

static void conntrack_keep(struct probing *probing, const cJSON *ruleset)
{
	char *text = cJSON_Print(ruleset);
	if (text)
		source_keep(probing->source, "nft.json", text, strlen(text));
	free(text);
}

static void conntrack_read_live(struct probing *probing)
{
	cJSON *ruleset = NULL;
	if (!may_ask_nft(probing)) {
		judge_without_rules(probing, 0, "nf_tables is not loaded");
		return;
	}
	int error = probing->netns_denied ? EPERM : nft_read(&ruleset);
	if (error == EPROTONOSUPPORT || error == EOPNOTSUPP || error == EINVAL) {
		judge_without_rules(probing, 0, "the kernel has no nf_tables");
	} else if (error) {
		source_keep_error(probing->source, "nft.json", error);
		judge_without_rules(probing, error, NULL);
	} else {
		conntrack_keep(probing, ruleset);
		conntrack_judge(probing, ruleset);
	}
	cJSON_Delete(ruleset);
}

/* Cilium routes and tracks in eBPF: nf_conntrack is then the wrong table to look at. */
static void put_dataplane(struct probing *probing)
{
	static const char path[] = "proc/net/dev";
	char *text;
	int error = probing_read_text(probing, path, &text);
	if (error)
		put_errno(probing, "conntrack.other_dataplane", NULL, UNIT_TEXT, path, error);
	else if (strstr(text, "cilium_host:"))
		put_text(probing, "conntrack.other_dataplane", NULL, "cilium", path, NULL);
	else
		put_missing(probing, "conntrack.other_dataplane", NULL, FACT_ABSENT, UNIT_TEXT, path, NULL);
}

static void host_conntrack_run(struct probing *probing)
{
	if (!is_loaded(probing))
		put_tracked(probing, false, "nf_conntrack is not loaded");
	else if (probing->live)
		conntrack_read_live(probing);
	else
		conntrack_read_kept(probing);
	put_dataplane(probing);
}

const struct probe probe_conntrack = {.name = "conntrack", .run = host_conntrack_run};
