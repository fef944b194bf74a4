/* Connection tracking: do rules of this network namespace need it? Asks nothing that would make the
 * kernel load a module. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/portset.h"
#include "base/text.h"
#include "probes/host/counters.h"
#include "probes/host/nft.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

static const char key[] = "conntrack.tracked";
static const char command[] = "nft list ruleset", rules_file[] = "nft.json";
static const char count_member[] = "collected";
static const char published_from[] = "docker-proxy command lines, nft rules";

static struct fact *conntrack_put(struct probing *probing, bool tracked, const char *note)
{
	struct fact *fact = facts_put_number(probing->facts, key, NULL, tracked, UNIT_BOOL, command);
	fact->read_at = probing->read_at;
	fact->note = note;
	return fact;
}

static void conntrack_put_unknown(struct probing *probing,
		enum fact_status status,
		const char *note)
{
	facts_put_missing(probing->facts, key, NULL, status, UNIT_BOOL, command, note);
}

/* nf_conntrack shows its settings in every network namespace; where they are absent it is not
 * loaded. */
static bool is_loaded(struct probing *probing)
{
	const struct fact *max = facts_get(probing->facts, "net.netfilter.nf_conntrack_max", NULL);
	return !max || max->status != FACT_ABSENT;
}

/* A netlink request would load nf_tables, so it is made only where that is loaded or built in.
 * /proc/modules does not exist on a kernel without modules. */
static bool may_ask_nft(struct probing *probing)
{
	const char *text;
	size_t length;
	if (!source_exists(probing->source, "proc/modules"))
		return true;
	if (source_exists(probing->source, "sys/module/nf_tables"))
		return true;
	int error = source_read_bytes(probing->source, "proc/modules", &text, &length);
	return error != 0 || length == 0;
}

/* The names of the legacy iptables tables in use, of both families; NULL when there are none. */
static const char *legacy_tables(struct probing *probing, int *ret_error)
{
	static const char *const paths[] = {"proc/net/ip_tables_names", "proc/net/ip6_tables_names"};
	struct text names = {0};
	*ret_error = 0;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		char *text;
		int error = probing_read_text(probing, paths[i], &text);
		if (error == 0)
			text_add(&names, text);
		else if (put_status_of(error) != FACT_ABSENT)
			*ret_error = error;
	}
	if (names.length > 0)
		return text_take(probing->arena, &names);
	text_release(&names);
	return NULL;
}

static bool conntrack_has_line(const char *text, const char *line)
{
	size_t length = strlen(line);
	for (; *text; text = parse_next_line(text)) {
		if (strcspn(text, "\n") == length && strncmp(text, line, length) == 0)
			return true;
	}
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
	const char *ports = text_take(probing->arena, &text);
	facts_put_text(probing->facts, "ports.published", NULL, ports, published_from);
}

/* The rules could not be read: whether they need connection tracking is not known. */
static void conntrack_put_unreadable(struct probing *probing, int error, const char *note)
{
	conntrack_put_unknown(probing, put_status_of(error), note);
}

/* Where no nft rule needs connection tracking, or the rules cannot be read: legacy tables may need
 * it, and entries show that something does. */
static void judge_without_rules(struct probing *probing, int nft_error, const char *note)
{
	int error;
	const char *tables = legacy_tables(probing, &error);
	double entries = facts_number(probing->facts, "net.netfilter.nf_conntrack_count");
	if (tables && conntrack_has_line(tables, "nat"))
		conntrack_put(probing, true, "legacy iptables has a nat table");
	else if (entries > 0)
		conntrack_put(probing, true, "connection tracking has entries now, so some rule needs it");
	else if (nft_error)
		conntrack_put_unreadable(probing,
				nft_error,
				"the rules cannot be read without CAP_NET_ADMIN, and there are no entries now");
	else if (tables)
		conntrack_put_unknown(probing,
				FACT_SKIPPED,
				"legacy iptables tables are in use; their rules are not read");
	else if (error)
		conntrack_put_unreadable(probing,
				error,
				"whether legacy iptables is in use cannot be read");
	else
		conntrack_put(probing, false, note);
}

static const char notrack_note[] = "some rules say notrack";

static const char *tracked_by(struct arena *arena, const struct nft_findings *findings)
{
	if (findings->notrack)
		return arena_printf(arena, "%s; %s", findings->by, notrack_note);
	return findings->by;
}

static void conntrack_judge(struct probing *probing, const cJSON *ruleset)
{
	struct nft_findings *findings = arena_alloc(probing->arena, sizeof *findings);
	nft_judge(probing->arena, ruleset, findings);
	add_published(probing, &findings->published);
	if (findings->tracked)
		conntrack_put(probing, true, tracked_by(probing->arena, findings));
	else if (findings->more)
		conntrack_put_unknown(probing,
				FACT_SKIPPED,
				"more than 100,000 rules: not all were looked at");
	else if (findings->notrack)
		judge_without_rules(probing, 0, notrack_note);
	else
		judge_without_rules(probing, 0, NULL);
}

/* nft itself writes no count; a snapshot does. */
static bool are_all_there(const cJSON *ruleset)
{
	const cJSON *count = cJSON_GetObjectItemCaseSensitive(ruleset, count_member);
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(ruleset, "nftables");
	return !count || cJSON_GetArraySize(list) == (int)cJSON_GetNumberValue(count);
}

static void conntrack_judge_kept(struct probing *probing, const char *bytes, size_t length)
{
	static const char fewer[] = "nft.json has fewer entries than were read";
	struct error err = {0};
	struct json *json = json_read(rules_file, bytes, length, &err);
	if (json && are_all_there(json_root(json)))
		conntrack_judge(probing, json_root(json));
	else if (json)
		conntrack_put_unknown(probing, FACT_SKIPPED, fewer);
	else
		conntrack_put_unknown(probing, FACT_MALFORMED, arena_strdup(probing->arena, err.text));
	json_free(json);
}

static void conntrack_read_kept(struct probing *probing)
{
	const char *bytes;
	size_t length;
	int error = source_read_bytes(probing->source, rules_file, &bytes, &length);
	if (error == 0)
		conntrack_judge_kept(probing, bytes, length);
	else if (error == ENOENT)
		judge_without_rules(probing, 0, "no nftables rules");
	else
		judge_without_rules(probing, error, NULL);
}

static void conntrack_keep(struct probing *probing, cJSON *ruleset)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(ruleset, "nftables");
	cJSON_AddNumberToObject(ruleset, count_member, cJSON_GetArraySize(list));
	char *text = cJSON_Print(ruleset);
	if (text)
		source_keep(probing->source, rules_file, text, strlen(text));
	free(text);
}

static bool means_no_nft(int error)
{
	return error == EPROTONOSUPPORT || error == EOPNOTSUPP || error == EINVAL;
}

static int conntrack_ask_nft(struct probing *probing, cJSON **ret_ruleset)
{
	if (probing->netns_denied)
		return EPERM;
	return nft_read(ret_ruleset);
}

static void conntrack_read_live(struct probing *probing)
{
	cJSON *ruleset = NULL;
	if (!may_ask_nft(probing)) {
		source_keep_error(probing->source, rules_file, ENOENT);
		judge_without_rules(probing, 0, "nf_tables is not loaded");
		return;
	}
	int error = conntrack_ask_nft(probing, &ruleset);
	if (means_no_nft(error)) {
		source_keep_error(probing->source, rules_file, ENOENT);
		judge_without_rules(probing, 0, "the kernel has no nf_tables");
	} else if (error) {
		source_keep_error(probing->source, rules_file, error);
		judge_without_rules(probing, error, NULL);
	} else {
		conntrack_keep(probing, ruleset);
		conntrack_judge(probing, ruleset);
	}
	cJSON_Delete(ruleset);
}

/* Cilium routes and tracks in eBPF: nf_conntrack is then the wrong table to look at. */
static void conntrack_put_dataplane(struct probing *probing)
{
	static const char path[] = "proc/net/dev", other[] = "conntrack.other_dataplane";
	char *text;
	int error = probing_read_text(probing, path, &text);
	if (error)
		put_errno(probing, other, UNIT_TEXT, path, error);
	else if (strstr(text, "cilium_host:"))
		put_text(probing, other, "cilium", path, NULL);
	else
		put_missing(probing, other, FACT_ABSENT, UNIT_TEXT, path, NULL);
}

static void host_conntrack_run(struct probing *probing)
{
	if (!is_loaded(probing))
		conntrack_put(probing, false, "nf_conntrack is not loaded");
	else if (probing->live)
		conntrack_read_live(probing);
	else
		conntrack_read_kept(probing);
	conntrack_put_dataplane(probing);
}

const struct probe probe_conntrack = {.name = "conntrack", .run = host_conntrack_run};
