/* Connection tracking: do rules of this network namespace need it? Asks nothing that would make the
 * kernel load a module. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/portset.h"
#include "base/text.h"
#include "probes/host/counters.h"
#include "probes/host/firewall/legacy.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/firewall/untracked.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

static const char command[] = "nft list ruleset", rules_file[] = "nft.json";
static const char count_member[] = "collected", legacy_member[] = "legacy";
static const char published_from[] = "docker-proxy command lines, nft rules";

/* The rules of the network namespace, as far as they could be read. */
struct firewall {
	const cJSON *ruleset; /* NULL: none were read */
	int error;            /* why not; 0: there are none */
	const char *note;     /* why there are none; or NULL */
	bool legacy;          /* those of legacy iptables are among them */
	struct nft_findings *found;
};

/* A family of addresses: connection tracking has hooks for each. */
struct family {
	const char *key, *names_path;
	bool ipv6;
};

static const struct family families[] = {
		{"conntrack.tracked", "proc/net/ip_tables_names", false},
		{"conntrack.tracked6", "proc/net/ip6_tables_names", true},
};

static void put_tracked(struct probing *probing, const char *key, bool tracked, const char *note)
{
	struct fact *fact = facts_put_number(probing->facts, key, NULL, tracked, UNIT_BOOL, command);
	fact->read_at = probing->read_at;
	fact->note = note;
}

static void put_unknown(struct probing *probing,
		const char *key,
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

/* The names of the legacy iptables tables in use, one a line; NULL when there are none. */
static const char *legacy_tables(struct probing *probing, const char *path, int *ret_error)
{
	char *text;
	int error = probing_read_text(probing, path, &text);
	*ret_error = 0;
	if (error == 0 && *text)
		return text;
	if (error && put_status_of(error) != FACT_ABSENT)
		*ret_error = error;
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

/* The table of IPVS lists a service in a line that begins with its protocol. */
static bool has_ipvs(struct probing *probing)
{
	static const char *const protocols[] = {"TCP ", "UDP ", "SCTP ", "FWM "};
	char *text;
	if (probing_read_text(probing, "proc/net/ip_vs", &text) != 0)
		return false;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		for (size_t i = 0; i < COUNT_OF(protocols); i++) {
			if (text_begins_with(line, protocols[i]))
				return true;
		}
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

/* Where no rule that was read needs connection tracking: legacy tables that could not be read may
 * need it, and so may other parts of the kernel. */
static void judge_legacy(struct probing *probing,
		const struct firewall *firewall,
		const struct family *family)
{
	int error;
	const char *tables = legacy_tables(probing, family->names_path, &error);
	bool unread = tables && !firewall->legacy;
	if (unread && conntrack_has_line(tables, "nat"))
		put_tracked(probing, family->key, true, "legacy iptables has a nat table");
	else if (unread)
		put_unknown(probing,
				family->key,
				FACT_SKIPPED,
				"legacy iptables tables are in use; their rules are not read");
	else if (error)
		put_unknown(probing,
				family->key,
				put_status_of(error),
				"headroom cannot read whether legacy iptables is in use");
	else if (has_ipvs(probing))
		put_unknown(probing,
				family->key,
				FACT_SKIPPED,
				"IPVS has services, which may need connection tracking");
	else
		put_tracked(probing, family->key, false, firewall->note);
}

static bool has_entries(struct probing *probing)
{
	return facts_number(probing->facts, "net.netfilter.nf_conntrack_count") > 0;
}

/* Entries show that something needs connection tracking, where no rule that was read does. */
static void judge_family(struct probing *probing,
		const struct firewall *firewall,
		const struct family *family)
{
	const struct nft_findings *found = firewall->found;
	bool tracked = family->ipv6 ? found->tracked6 : found->tracked4;
	bool explained = found->tracked4 || found->tracked6;
	if (tracked)
		put_tracked(probing, family->key, true, family->ipv6 ? found->by6 : found->by4);
	else if (!explained && has_entries(probing))
		put_tracked(probing,
				family->key,
				true,
				"connection tracking has entries now, so some rule needs it");
	else if (firewall->error)
		put_unknown(probing,
				family->key,
				put_status_of(firewall->error),
				"the rules cannot be read without CAP_NET_ADMIN, and there are no entries now");
	else if (found->more)
		put_unknown(probing,
				family->key,
				FACT_SKIPPED,
				"more than 100,000 rules: not all were looked at");
	else
		judge_legacy(probing, firewall, family);
}

/* Were all rules read that there may be? */
static bool is_whole(struct probing *probing, const struct firewall *firewall)
{
	int error;
	bool legacy = false;
	for (size_t i = 0; i < COUNT_OF(families); i++)
		legacy |= legacy_tables(probing, families[i].names_path, &error) != NULL || error;
	bool read = firewall->legacy || !legacy;
	return firewall->error == 0 && !firewall->found->more && read;
}

/* How a number is known that rules may give: where they cannot be seen, as in a container whose
 * addresses are translated outside, it is not visible. */
static enum fact_status status_of_rules(const struct firewall *firewall, bool whole)
{
	if (firewall->error == EPERM || firewall->error == EACCES)
		return FACT_NOT_VISIBLE;
	if (!whole)
		return FACT_SKIPPED;
	return FACT_ABSENT;
}

/* A number that rules may give; none do where it is not above 0. */
static void put_of_rules(struct probing *probing,
		const char *key,
		enum unit unit,
		double number,
		enum fact_status otherwise)
{
	if (otherwise == FACT_ABSENT && number > 0)
		facts_put_number(probing->facts, key, NULL, number, unit, command);
	else
		facts_put_missing(probing->facts, key, NULL, otherwise, unit, command, NULL);
}

/* In a child network namespace the rules that translate the plan's addresses may be outside. */
static void put_source_ports(struct probing *probing, double ports, enum fact_status otherwise)
{
	if (otherwise == FACT_ABSENT && isnan(ports) && probing->child_netns)
		otherwise = FACT_NOT_VISIBLE;
	put_of_rules(probing, "nat.source_ports", UNIT_COUNT, ports, otherwise);
}

static void put_untracked(struct probing *probing, const struct firewall *firewall, bool whole)
{
	static const char key[] = "conntrack.untracked";
	const char *text = "";
	if (firewall->ruleset)
		text = untracked_by(probing->arena, firewall->ruleset);
	if (!whole)
		facts_put_missing(probing->facts, key, NULL, FACT_SKIPPED, UNIT_TEXT, command, NULL);
	else if (*text)
		facts_put_text(probing->facts, key, NULL, text, command);
	else
		facts_put_missing(probing->facts, key, NULL, FACT_ABSENT, UNIT_TEXT, command, NULL);
}

static void firewall_judge(struct probing *probing, struct firewall *firewall)
{
	struct nft_findings *found = arena_alloc(probing->arena, sizeof *found);
	firewall->found = found;
	nft_judge(probing->arena, firewall->ruleset, found);
	add_published(probing, &found->published);
	for (size_t i = 0; i < COUNT_OF(families); i++)
		judge_family(probing, firewall, &families[i]);
	bool whole = is_whole(probing, firewall);
	put_untracked(probing, firewall, whole);
	put_of_rules(probing,
			"conntrack.policy_timeout",
			UNIT_SECONDS,
			found->policy_s,
			status_of_rules(firewall, whole && !found->policy_unread));
	put_source_ports(probing,
			found->source_ports,
			status_of_rules(firewall, whole && !found->source_ports_unread));
}

/* Without rules, for this reason. */
static void judge_without_rules(struct probing *probing, int error, const char *note)
{
	struct firewall firewall = {.error = error, .note = note};
	firewall_judge(probing, &firewall);
}

static void judge_rules(struct probing *probing, const cJSON *ruleset)
{
	const cJSON *legacy = cJSON_GetObjectItemCaseSensitive(ruleset, legacy_member);
	struct firewall firewall = {.ruleset = ruleset, .legacy = cJSON_IsTrue(legacy)};
	firewall_judge(probing, &firewall);
}

static void judge_unusable(struct probing *probing, enum fact_status status, const char *note)
{
	for (size_t i = 0; i < COUNT_OF(families); i++)
		put_unknown(probing, families[i].key, status, note);
	const struct firewall none = {.error = 0};
	put_untracked(probing, &none, false);
	put_of_rules(probing, "conntrack.policy_timeout", UNIT_SECONDS, 0, FACT_SKIPPED);
	put_of_rules(probing, "nat.source_ports", UNIT_COUNT, 0, FACT_SKIPPED);
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
		judge_rules(probing, json_root(json));
	else if (json)
		judge_unusable(probing, FACT_SKIPPED, fewer);
	else
		judge_unusable(probing, FACT_MALFORMED, arena_strdup(probing->arena, err.text));
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

/* Adds the tables of one family that are in use. 0 or an errno. */
static int legacy_read_family(struct probing *probing, cJSON *list, const struct family *family)
{
	int error;
	const char *text = legacy_tables(probing, family->names_path, &error);
	if (!text)
		return error;
	char *names = arena_strdup(probing->arena, text);
	for (char *line; error == 0 && (line = parse_line(&names)) != NULL;) {
		if (*line)
			error = legacy_read(list, family->ipv6, line);
	}
	return error;
}

/* Adds the rules of legacy iptables, if all of them can be read. */
static void legacy_add(struct probing *probing, cJSON *ruleset)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(ruleset, "nftables");
	int before = cJSON_GetArraySize(list), error = 0;
	for (size_t i = 0; i < COUNT_OF(families) && !error; i++)
		error = legacy_read_family(probing, list, &families[i]);
	if (!error)
		(void)cJSON_AddTrueToObject(ruleset, legacy_member);
	while (error && cJSON_GetArraySize(list) > before)
		cJSON_DeleteItemFromArray(list, before);
}

static cJSON *no_rules(void)
{
	cJSON *ruleset = cJSON_CreateObject();
	(void)cJSON_AddArrayToObject(ruleset, "nftables");
	return ruleset;
}

/* Why nftables has no rules here; NULL: it may have some. */
static const char *nft_absent(struct probing *probing, cJSON **ret_ruleset, int *ret_error)
{
	*ret_error = 0;
	if (!may_ask_nft(probing))
		return "nf_tables is not loaded";
	*ret_error = conntrack_ask_nft(probing, ret_ruleset);
	if (!means_no_nft(*ret_error))
		return NULL;
	*ret_error = 0;
	return "the kernel has no nf_tables";
}

static void conntrack_read_live(struct probing *probing)
{
	cJSON *ruleset = NULL;
	int error;
	const char *absent = nft_absent(probing, &ruleset, &error);
	if (error) {
		source_keep_error(probing->source, rules_file, error);
		judge_without_rules(probing, error, NULL);
		return;
	}
	if (!ruleset)
		ruleset = no_rules();
	if (!probing->netns_denied)
		legacy_add(probing, ruleset);
	bool empty = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(ruleset, "nftables")) == 0;
	if (absent && empty)
		source_keep_error(probing->source, rules_file, ENOENT);
	else
		conntrack_keep(probing, ruleset);
	if (absent && empty)
		judge_without_rules(probing, 0, absent);
	else
		judge_rules(probing, ruleset);
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

static void put_not_loaded(struct probing *probing)
{
	for (size_t i = 0; i < COUNT_OF(families); i++)
		put_tracked(probing, families[i].key, false, "nf_conntrack is not loaded");
	const struct firewall none = {.error = 0};
	put_untracked(probing, &none, true);
	put_of_rules(probing, "conntrack.policy_timeout", UNIT_SECONDS, 0, FACT_ABSENT);
	put_source_ports(probing, (double)NAN, FACT_ABSENT);
}

static void host_conntrack_run(struct probing *probing)
{
	if (!is_loaded(probing))
		put_not_loaded(probing);
	else if (probing->live)
		conntrack_read_live(probing);
	else
		conntrack_read_kept(probing);
	conntrack_put_dataplane(probing);
}

const struct probe probe_conntrack = {.name = "conntrack", .run = host_conntrack_run};
