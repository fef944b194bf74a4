/* Alert rules for Prometheus: the limits of this plan, at its target and at 90%. What node_exporter
 * shows of a limit is taken from there; the others are what headroom watch --prometheus keeps for
 * its textfile collector. A metric that is missing raises an alert of its own: a limit that nobody
 * watches must not look like one that is free. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/emit/emit.h"

static const double nearly_full = 0.9;

/* What is in use of a limit, as a share. */
struct alert_source {
	const char *limit;
	const char *expr;    /* "%s" is the capacity of this host */
	const char *metric;  /* that must be there */
	const char *refused; /* what counts that something was refused; or NULL */
	const char *counted; /* the metric of that */
};

static const struct alert_source alert_sources[] = {
		{
				.limit = "system-fds",
				.expr = "node_filefd_allocated / node_filefd_maximum",
				.metric = "node_filefd_allocated",
		},
		{
				.limit = "conntrack",
				.expr = "node_nf_conntrack_entries / node_nf_conntrack_entries_limit",
				.metric = "node_nf_conntrack_entries",
				.refused = "increase(node_nf_conntrack_stat_drop[5m]) > 0",
				.counted = "node_nf_conntrack_stat_drop",
		},
		{
				.limit = "time-wait-buckets",
				.expr = "node_sockstat_TCP_tw / %s",
				.metric = "node_sockstat_TCP_tw",
		},
		{
				.limit = "tcp-orphans",
				.expr = "node_sockstat_TCP_orphan / %s",
				.metric = "node_sockstat_TCP_orphan",
		},
		{
				.limit = "tcp-memory",
				.expr = "node_sockstat_TCP_mem / %s",
				.metric = "node_sockstat_TCP_mem",
		},
		{
				.limit = "host-memory",
				.expr = "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
				.metric = "node_memory_MemAvailable_bytes",
		},
		{
				.limit = "neighbour-table",
				.expr = "sum without (device) (node_arp_entries) / %s",
				.metric = "node_arp_entries",
		},
		{
				.limit = "accept-queue",
				.refused = "increase(node_netstat_TcpExt_ListenOverflows[5m]) > 0",
				.counted = "node_netstat_TcpExt_ListenOverflows",
		},
		{
				.limit = "syn-backlog",
				.refused = "increase(node_netstat_TcpExt_ListenDrops[5m]) > 0",
				.counted = "node_netstat_TcpExt_ListenDrops",
		},
		{
				.limit = "netdev-backlog",
				.refused = "sum without (cpu) (increase(node_softnet_dropped_total[5m])) > 0",
				.counted = "node_softnet_dropped_total",
		},
};

/* Nobody on the host knows what is in use of these. */
static const char *const alert_unseen[] = {
		"http2-streams",
		"egress-nat",
		"snat-ports",
		"cloud-conntrack",
		"program-connections",
		"erlang-ports",
		"erlang-processes",
};

enum {
	NEEDED_MAX = 256
};

/* A metric without which a limit is not watched. */
struct alert_needed {
	const char *limit, *metric;
	const char *series; /* the metric, with what tells its limit */
};

struct alert_rules {
	struct arena *arena;
	const struct fix_values *values;
	struct text *out;
	struct alert_needed needed[NEEDED_MAX];
	size_t needed_count;
	bool textfile; /* a metric of headroom's own is among them */
};

/* One limit on its way. */
struct alert_case {
	const struct fix_alert *limit;
	const char *expr;    /* the share in use */
	const char *refused; /* or NULL */
};

static const struct alert_source *alert_source_of(const char *limit)
{
	for (size_t i = 0; i < COUNT_OF(alert_sources); i++) {
		if (strcmp(alert_sources[i].limit, limit) == 0)
			return &alert_sources[i];
	}
	return NULL;
}

static bool alert_is_unseen(const char *limit)
{
	for (size_t i = 0; i < COUNT_OF(alert_unseen); i++) {
		if (strcmp(alert_unseen[i], limit) == 0)
			return true;
	}
	return false;
}

static void alert_needs(struct alert_rules *rules,
		const char *limit,
		const char *metric,
		const char *series)
{
	if (rules->needed_count == NEEDED_MAX)
		return;
	rules->needed[rules->needed_count++] = (struct alert_needed){
			.limit = limit,
			.metric = metric,
			.series = series,
	};
}

/* --- YAML
 * ------------------------------------------------------------------------------------ */

/* A JSON string, which YAML reads alike. Prometheus expands {{ … }} in annotations: what comes from
 * the document must not be expanded. */
static void alert_add_escaped(struct text *out, const char *text)
{
	for (; *text; text++) {
		bool template = text_begins_with(text, "{{");
		if (template)
			text_add(out, "{{\\\"{{\\\"}}");
		else if (*text == '\n')
			text_add(out, "\\n");
		else if (*text == '"' || *text == '\\')
			text_addf(out, "\\%c", *text);
		else
			text_add_bytes(out, text, 1);
		text += template;
	}
}

static void alert_annotation(const struct alert_rules *rules, const char *name, const char *text)
{
	if (!*text)
		return;
	text_addf(rules->out, "          %s: \"", name);
	alert_add_escaped(rules->out, text);
	text_add(rules->out, "\"\n");
}

/* "HeadroomSystemFds" for system-fds. */
static const char *alert_name(struct arena *arena, const char *limit, const char *ending)
{
	struct text name = {0};
	bool upper = true;
	text_add(&name, "Headroom");
	for (const char *at = limit; *at; at++) {
		char letter = *at;
		if (upper && letter >= 'a' && letter <= 'z')
			letter = (char)(letter - 'a' + 'A');
		upper = *at == '-';
		if (!upper)
			text_add_bytes(&name, &letter, 1);
	}
	text_add(&name, ending);
	return text_take(arena, &name);
}

struct alert_rule {
	const char *name, *expr, *delay, *severity;
	const char *limit, *metric; /* labels; or NULL */
};

static void alert_begin(const struct alert_rules *rules, const struct alert_rule *rule)
{
	struct text *out = rules->out;
	text_addf(out, "      - alert: %s\n", rule->name);
	text_add(out, "        expr: \"");
	for (const char *at = rule->expr; *at; at++) {
		if (*at == '"')
			text_add(out, "\\");
		text_add_bytes(out, at, 1);
	}
	text_addf(out, "\"\n        for: %s\n", rule->delay);
	text_addf(out, "        labels:\n          severity: %s\n", rule->severity);
	if (rule->limit)
		text_addf(out, "          limit: %s\n", rule->limit);
	if (rule->metric)
		text_addf(out, "          metric: %s\n", rule->metric);
	text_add(out, "        annotations:\n");
}

static const char *alert_need(struct arena *arena, const struct fix_alert *limit)
{
	if (!*limit->demand || !*limit->capacity_text)
		return "";
	return arena_printf(arena,
			" At its most the plan needs %s%s; the host that it was judged for has %s.",
			limit->demand,
			limit->unit,
			limit->capacity_text);
}

static void alert_say_fix(const struct alert_rules *rules, const struct fix_alert *limit)
{
	const char *fix = limit->fix;
	if (!*fix)
		fix = "headroom why";
	alert_annotation(rules, "fix", fix);
	alert_annotation(rules, "undo", limit->undo);
	const char *runbook = arena_printf(rules->arena, "headroom explain %s", limit->limit);
	alert_annotation(rules, "runbook", runbook);
	alert_annotation(rules, "runbook_url", limit->source);
}

/* --- the rules
 * ------------------------------------------------------------------------------------ */

static void alert_add_use(const struct alert_rules *rules,
		const struct alert_case *one,
		double share,
		const char *severity,
		const char *delay)
{
	struct arena *arena = rules->arena;
	const struct fix_alert *limit = one->limit;
	char plain[NUMBER_TEXT_MAX];
	(void)text_plain_number(plain, share);
	const struct alert_rule rule = {
			.name = alert_name(arena, limit->limit, ""),
			.expr = arena_printf(arena, "%s > %s", one->expr, plain),
			.delay = delay,
			.severity = severity,
			.limit = limit->limit,
	};
	alert_begin(rules, &rule);
	text_add(rules->out, "          summary: \"");
	alert_add_escaped(rules->out, limit->title);
	text_add(rules->out, ": {{ $value | humanizePercentage }} used on {{ $labels.instance }}\"\n");
	const char *about = arena_printf(arena,
			"More than %.3g%% is in use.%s",
			share * 100,
			alert_need(arena, limit));
	alert_annotation(rules, "description", about);
	alert_say_fix(rules, limit);
}

static void alert_add_refused(struct alert_rules *rules, const struct alert_case *one)
{
	struct arena *arena = rules->arena;
	const struct fix_alert *limit = one->limit;
	const struct alert_rule rule = {
			.name = alert_name(arena, limit->limit, "Refused"),
			.expr = one->refused,
			.delay = "0s",
			.severity = "critical",
			.limit = limit->limit,
	};
	if (!one->refused)
		return;
	alert_begin(rules, &rule);
	text_add(rules->out, "          summary: \"");
	alert_add_escaped(rules->out, limit->title);
	text_add(rules->out,
			": {{ $value | humanize }} refused in 5 minutes on {{ $labels.instance }}\"\n");
	alert_annotation(rules, "description", "The limit was reached, and something was dropped.");
	alert_say_fix(rules, limit);
}

/* headroom's own metric, for what node_exporter does not show. */
static const char *alert_own(struct alert_rules *rules, const char *limit)
{
	static const char metric[] = "headroom_limit_utilization_ratio";
	const char *series = arena_printf(rules->arena, "%s{limit=\"%s\"}", metric, limit);
	rules->textfile = true;
	alert_needs(rules, limit, metric, series);
	return series;
}

static const char *alert_expr(struct alert_rules *rules, const struct fix_alert *limit)
{
	const struct alert_source *source = alert_source_of(limit->limit);
	char capacity[NUMBER_TEXT_MAX];
	if (!source || !source->expr)
		return alert_own(rules, limit->limit);
	const char *hole = strstr(source->expr, "%s");
	if (hole && !(isfinite(limit->capacity) && limit->capacity > 0))
		return alert_own(rules, limit->limit);
	alert_needs(rules, limit->limit, source->metric, source->metric);
	if (!hole)
		return source->expr;
	(void)text_plain_number(capacity, limit->capacity);
	int length = (int)(hole - source->expr);
	return arena_printf(rules->arena, "%.*s%s", length, source->expr, capacity);
}

static void alert_add_limit(struct alert_rules *rules, const struct fix_alert *limit)
{
	const struct alert_source *source = alert_source_of(limit->limit);
	const double target = rules->values->target;
	if (alert_is_unseen(limit->limit))
		return;
	struct alert_case one = {
			.limit = limit,
			.expr = alert_expr(rules, limit),
	};
	if (source && source->refused) {
		one.refused = source->refused;
		alert_needs(rules, limit->limit, source->counted, source->counted);
	}
	if (target < nearly_full)
		alert_add_use(rules, &one, target, "warning", "1m");
	alert_add_use(rules, &one, fmax(target, nearly_full), "critical", "30s");
	alert_add_refused(rules, &one);
}

static void alert_add_missing(const struct alert_rules *rules)
{
	for (size_t i = 0; i < rules->needed_count; i++) {
		const struct alert_needed *needed = &rules->needed[i];
		const struct alert_rule rule = {
				.name = "HeadroomNoData",
				.expr = arena_printf(rules->arena, "absent(%s)", needed->series),
				.delay = "10m",
				.severity = "warning",
				.limit = needed->limit,
				.metric = needed->metric,
		};
		const char *about = arena_printf(rules->arena,
				"%s is not watched: no host reports %s",
				needed->limit,
				needed->series);
		alert_begin(rules, &rule);
		alert_annotation(rules, "summary", about);
		alert_annotation(rules, "runbook", "headroom watch --help");
	}
}

/* What is in the file when headroom watch has ended stays in it. */
static void alert_add_stale(const struct alert_rules *rules)
{
	const struct alert_rule rule = {
			.name = "HeadroomStale",
			.expr = "time() - node_textfile_mtime_seconds{file=~\"(.*/)?headroom[.]prom\"} > 120",
			.delay = "1m",
			.severity = "warning",
	};
	if (!rules->textfile)
		return;
	alert_begin(rules, &rule);
	text_add(rules->out,
			"          summary: \"headroom watch writes no metrics any more on {{ $labels.instance "
			"}}\"\n");
	alert_annotation(rules,
			"description",
			"The last ones are older than two minutes; alerts on them mean nothing.");
	alert_annotation(rules, "runbook", "headroom watch --help");
}

static void alert_head(const struct alert_rules *rules)
{
	static const char *const rest[] = {
			"Belongs in: a file that rule_files of prometheus.yml names, then reload Prometheus",
			"Undo: remove it, then reload Prometheus",
			"The rules hold for every host that Prometheus scrapes.",
			"Capacities that are numbers are those of the host that was judged.",
			"Make the file again for other hosts, and after a change of settings.",
			"node_* come from node_exporter's default collectors.",
			"headroom_limit_* come from headroom watch --prometheus DIR/headroom.prom.",
	};
	struct arena *arena = rules->arena;
	const struct fix_values *values = rules->values;
	const char *about = arena_printf(arena,
			"headroom fix: alerts of this plan's limits.\nPlan: %s\nJudged for: %s, on %s, by %s",
			emit_plain(arena, values->plan),
			emit_plain(arena, values->host),
			emit_plain(arena, values->date),
			emit_plain(arena, values->tool));
	emit_indented(rules->out, "# ", about);
	for (size_t i = 0; i < COUNT_OF(rest); i++)
		emit_comment(arena, rules->out, "# ", rest[i]);
	for (size_t i = 0; i < values->alert_count; i++) {
		const char *limit = values->alerts[i].limit;
		if (!alert_is_unseen(limit))
			continue;
		const char *unseen =
				arena_printf(arena, "No alert: %s, which no metric of a host shows", limit);
		emit_comment(arena, rules->out, "# ", unseen);
	}
}

void emit_prometheus_rules(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct alert_rules rules = {.arena = arena, .values = values, .out = out};
	alert_head(&rules);
	text_add(out, "groups:\n  - name: headroom\n");
	if (!emit_has_alerts(values)) {
		text_add(out, "    rules: []\n");
		return;
	}
	text_add(out, "    rules:\n");
	for (size_t i = 0; i < values->alert_count; i++)
		alert_add_limit(&rules, &values->alerts[i]);
	alert_add_missing(&rules);
	alert_add_stale(&rules);
}

bool emit_has_alerts(const struct fix_values *values)
{
	for (size_t i = 0; i < values->alert_count; i++) {
		if (!alert_is_unseen(values->alerts[i].limit))
			return true;
	}
	return false;
}
