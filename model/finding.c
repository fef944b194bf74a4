/* Findings. Myths are rules; the rest compares facts with facts. */
#include "model/finding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/answer/age.h"
#include "model/answer/myths.h"
#include "model/closes/undecided.h"
#include "model/instance/instance.h"
#include "model/load/together.h"
#include "model/queues/pause.h"

struct collector {
	const struct situation *situation;
	struct result *result;
	size_t capacity;
};

static void finding_add(struct collector *c, struct finding finding)
{
	struct result *r = c->result;
	r->findings = arena_grow(c->situation->arena,
			r->findings,
			r->finding_count,
			&c->capacity,
			sizeof finding);
	r->findings[r->finding_count++] = finding;
}

static const char *fact_where(struct arena *arena, const struct fact *fact)
{
	if (!fact || !fact->where)
		return NULL;
	return fact->line ? arena_printf(arena, "%s:%d", fact->where, fact->line) : fact->where;
}

static void collect_myths(struct collector *c)
{
	const struct situation *s = c->situation;
	struct myths myths;
	myths_of(s, &myths);
	for (size_t i = 0; i < myths.count; i++) {
		const struct myth_rule *myth = myths.items[i].rule;
		const struct fact *fact = myth->fact ? facts_get(s->facts, myth->fact, "") : NULL;
		finding_add(c,
				(struct finding){.id = myth->id,
						.severity = myth->severity,
						.where = fact_where(s->arena, fact),
						.text = myths.items[i].text,
						.sources = myth->sources,
						.source_count = myth->source_count});
	}
}

static const char *finding_shown(struct arena *arena, const struct fact *fact)
{
	char number[NUMBER_TEXT_MAX];
	if (fact->unit == UNIT_TEXT)
		return fact->text && *fact->text ? fact->text : "(empty)";
	return arena_strdup(arena, text_number(number, fact->number, fact->unit));
}

static bool finding_same(const struct fact *a, const struct fact *b)
{
	if (a->unit == UNIT_TEXT || b->unit == UNIT_TEXT) {
		unsigned a1, a2, b1, b2; /* "32768 60999" and "32768\t60999" are the same range */
		if (!a->text || !b->text)
			return false;
		if (sscanf(a->text, "%u %u", &a1, &a2) == 2 && sscanf(b->text, "%u %u", &b1, &b2) == 2)
			return a1 == b1 && a2 == b2;
		return !strcmp(a->text, b->text);
	}
	return a->number == b->number || fabs(a->number - b->number) <= 1e-9 * fabs(a->number);
}

static const char service_suffix[] = ".service";

/* The judged process belongs to a systemd service: PAM and limits.d have no say in its limits. */
static const char *service_of(const struct facts *facts)
{
	const char *unit = facts_text(facts, "vantage.unit");
	if (!unit || !text_ends_with(unit, service_suffix))
		return NULL;
	return unit;
}

/* The live fact that a boot fact is about; NULL: none, or it is not for this process. */
static const struct fact *finding_live_of(const struct facts *facts, const char *key)
{
	static const char unit[] = "boot.unit.nofile.", session[] = "boot.limits.";
	bool service = service_of(facts);
	if (text_begins_with(key, unit))
		return service ? facts_get(facts,
								 !strcmp(key + sizeof unit - 1, "soft") ? "limits.nofile.soft"
																		: "limits.nofile.hard",
								 "")
					   : NULL;
	if (service && text_begins_with(key, session))
		return NULL;
	return facts_get(facts, key + 5, "");
}

/* A setting of a module that is not loaded now and will be: nothing to compare the value with. */
static void collect_new(struct collector *c, const struct fact *boot, const struct fact *now)
{
	struct arena *arena = c->situation->arena;
	if (!now || now->status != FACT_ABSENT || !text_begins_with(now->key, "net.netfilter."))
		return;
	if (facts_number(c->situation->facts, "boot.modules.nf_conntrack") != 1)
		return;
	const struct finding finding = {
			.id = "differs-after-boot",
			.severity = "note",
			.where = fact_where(arena, boot),
			.text = arena_printf(arena,
					"nf_conntrack is not loaded now; at the next boot it is, with %s = %s.",
					now->key,
					finding_shown(arena, boot)),
	};
	finding_add(c, finding);
}

static bool finding_lists(const struct name_list *list, const char *key)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], key) == 0)
			return true;
	}
	return false;
}

static bool finding_is_held(const struct limit_rule *rule, const char *key)
{
	for (size_t i = 0; i < rule->held.count; i++) {
		if (strcmp(rule->held.items[i], key) == 0)
			return true;
	}
	return false;
}

/* The setting belongs to a limit that does not apply, and no other limit asks for it. */
static bool finding_is_idle(const struct result *result, const char *key)
{
	bool held = false;
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *limit = &result->resources[i].worst;
		bool holds = finding_is_held(limit->rule, key);
		held = held || holds;
		if (limit->status == STATUS_NOT_APPLICABLE)
			continue;
		if (holds || finding_lists(&limit->facts, key))
			return false;
	}
	return held;
}

static void add_boot(struct collector *c, const struct fact *now, const struct fact *boot)
{
	struct arena *arena = c->situation->arena;
	const char *where = fact_where(arena, boot);
	const char *file = "a file";
	const char *note = "";
	const char *idle = "";
	if (where)
		file = where;
	if (boot->note)
		note = arena_printf(arena, ": %s", boot->note);
	if (finding_is_idle(c->result, now->key))
		idle = " No limit that was checked depends on it.";
	const char *is = finding_shown(arena, now);
	const char *becomes = finding_shown(arena, boot);
	const struct finding finding = {
			.id = "differs-after-boot",
			.severity = "note",
			.where = where,
			.text = arena_printf(arena,
					"%s is %s now; %s sets %s at the next boot%s.%s",
					now->key,
					is,
					file,
					becomes,
					note,
					idle),
	};
	finding_add(c, finding);
}

/* boot.KEY against KEY: what is different after the next boot, and why. */
static void collect_boot(struct collector *c)
{
	const struct situation *s = c->situation;
	const struct facts *facts = s->facts;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *boot = facts->items[i];
		if (strncmp(boot->key, "boot.", 5) || boot->status != FACT_KNOWN || *boot->instance)
			continue;
		const struct fact *now = finding_live_of(s->facts, boot->key);
		collect_new(c, boot, now);
		if (!now || now->status != FACT_KNOWN || now->origin != ORIGIN_READ ||
				finding_same(boot, now))
			continue;
		add_boot(c, now, boot);
	}
}

/* Files that set a value which another file, or a service that starts later, sets again. */
static void collect_overridden(struct collector *c)
{
	const struct situation *s = c->situation;
	for (size_t i = 0; i < s->facts->count; i++) {
		const struct fact *fact = s->facts->items[i];
		if (strcmp(fact->key, "boot.overridden") || fact->status != FACT_KNOWN || !fact->text)
			continue;
		const struct fact *boot =
				facts_get(s->facts, arena_printf(s->arena, "boot.%s", fact->instance), "");
		if (!boot || boot->status != FACT_KNOWN)
			continue;
		finding_add(c,
				(struct finding){.id = "overridden-at-boot",
						.severity = "note",
						.where = fact_where(s->arena, boot),
						.text = arena_printf(s->arena,
								"%s: %s, but %s comes later and wins with %s%s%s.",
								fact->instance,
								fact->text,
								fact_where(s->arena, boot) ? fact_where(s->arena, boot) : "another",
								finding_shown(s->arena, boot),
								boot->note ? ": " : "",
								boot->note ? boot->note : "")});
	}
}

/* Lines of files that set nothing at boot: the probe has put the sentence. */
static void collect_void(struct collector *c, const char *key, const char *id)
{
	const struct facts *facts = c->situation->facts;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = facts->items[i];
		if (strcmp(fact->key, key) != 0 || fact->status != FACT_KNOWN || !fact->text)
			continue;
		const char *where = fact_where(c->situation->arena, fact);
		const struct finding finding = {
				.id = id,
				.severity = "warning",
				.where = where,
				.text = fact->text,
		};
		finding_add(c, finding);
	}
}

/* limits.d is read by PAM, at logins. */
static void collect_service_limits(struct collector *c)
{
	const struct situation *s = c->situation;
	const char *unit = service_of(s->facts);
	const struct fact *session = facts_get(s->facts, "boot.limits.nofile.soft", "");
	const struct fact *own = facts_get(s->facts, "boot.unit.nofile.soft", "");
	if (!unit || !session || session->status != FACT_KNOWN)
		return;
	bool set = own && own->status == FACT_KNOWN;
	finding_add(c,
			(struct finding){.id = "limits-d-not-for-services",
					.severity = "note",
					.where = fact_where(s->arena, session),
					.text = arena_printf(s->arena,
							"%s sets %s open files for logins. %s does not use PAM: %s.",
							session->where ? session->where : "limits.d",
							finding_shown(s->arena, session),
							unit,
							set ? arena_printf(s->arena,
										  "its LimitNOFILE in %s counts",
										  fact_where(s->arena, own))
								: "without LimitNOFILE it has systemd's default")});
}

static void collect_closer(struct collector *c, const struct all_limits *limits)
{
	struct finding findings[UNDECIDED_MAX];
	size_t count = undecided_closes(c->situation, limits, findings);
	for (size_t i = 0; i < count; i++) {
		finding_add(c, findings[i]);
	}
}

/* Ports of the range that a plan can have at worst and at best. */
struct ports_left {
	double least, most;
	bool unknown; /* the plan fits only at best */
};

static const char *bound_text(const struct situation *s,
		const struct workload *workload,
		const struct ports_left *left)
{
	static const char late[] =
			"Connected sockets use %s ports outside this plan's pool. If their "
			"programs called bind() before connect(), these ports are blocked for "
			"every destination. The kernel does not show which programs did. The "
			"plan can use %s ports at worst and %s at best; %s. If none of them "
			"called bind(), add --set ports.bound_connected=0.";
	static const char early[] =
			"Sockets use %s ports that may block this plan's bind(), depending on "
			"the address. The plan can use %s ports at worst and %s at best; %s. "
			"Name the addresses with --source-addresses and --to.";
	char held[NUMBER_TEXT_MAX], least[NUMBER_TEXT_MAX], most[NUMBER_TEXT_MAX];
	const char *format = early, *judged = "the verdict uses the worst case";
	const char *bind = workload->values[W_BIND].text;
	const char *protocol = workload->values[W_PROTOCOL].text;
	bool tcp = !protocol || strcmp(protocol, "tcp") == 0;
	if (tcp && (strcmp(bind, "none") == 0 || strcmp(bind, "noport") == 0))
		format = late;
	if (left->unknown)
		judged = "the plan fits only at best";
	return arena_printf(s->arena,
			format,
			text_number(held, left->most - left->least, UNIT_COUNT),
			text_number(least, left->least, UNIT_COUNT),
			text_number(most, left->most, UNIT_COUNT),
			judged);
}

/* Sockets that may be in the plan's way, or not: for one destination, as it was judged. */
static void collect_bound_of(struct collector *c, const struct judgement *j)
{
	static const double worth_saying = 0.01; /* of the range */
	const struct member *first = &j->at->members[0];
	const struct facts *facts = first->load->facts;
	const char *name = first->name;
	const struct fact *blocked = facts_get(facts, "destination.blocked", name);
	const struct fact *best = facts_get(facts, "destination.blocked_best", name);
	const struct fact *worst = facts_get(facts, "destination.blocked_worst", name);
	const struct fact *use = facts_get(facts, "destination.in_use_worst", name);
	if (!blocked || !best || !worst || !use || blocked->status == FACT_KNOWN)
		return;
	double width = facts_number(facts, "ports.width");
	double ports = width - facts_number(facts, "ports.reserved_in_range") - use->number;
	struct ports_left left = {
			.least = fmax(0, ports - worst->number),
			.most = fmax(0, ports - best->number),
			.unknown = j->status == STATUS_UNKNOWN,
	};
	bool few = left.most - left.least < worth_saying * width;
	if (isnan(ports) || (few && !left.unknown))
		return;
	const char *severity = "note";
	if (left.unknown)
		severity = "warning";
	finding_add(c,
			(struct finding){.id = "ports-held",
					.severity = severity,
					.where = j->rule->title,
					.text = bound_text(c->situation, first->load->workload, &left)});
}

static void collect_bound(struct collector *c, const struct all_limits *limits)
{
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		bool applies = j->status != STATUS_NOT_APPLICABLE;
		if (applies && !strcmp(j->rule->id, "ephemeral-ports"))
			collect_bound_of(c, j);
	}
}

/* A server that is stopped longer than this is out of order, whatever its queue. */
static const double pause_of_interest_s = 10;
/* A control group with a CPU limit is stopped for up to one period, when its share is used up. */
static const double pause_of_cgroup_s = 0.1;

static const struct rule_source pause_sources[] = {
		{"CFS bandwidth control: cpu.cfs_period_us",
				"https://www.kernel.org/doc/html/latest/scheduler/sched-bwc.html"},
};

/* What the queue has room for when the plan begins; NAN: not known. */
static double room_of(const struct judgement *j)
{
	const struct member *first = &j->at->members[0];
	const struct fact *taken = facts_get(first->load->facts, "listener.taken", first->name);
	double waiting = 0;
	if (taken && taken->status == FACT_KNOWN)
		waiting = taken->number;
	return j->capacity - waiting;
}

/* What comes to the listener, of all loads. */
static struct timeline arrivals_of(struct arena *arena, const struct instance *at)
{
	size_t count = at->member_count;
	const struct timeline **all;
	all = arena_alloc(arena, count * sizeof *all);
	for (size_t i = 0; i < count; i++) {
		const struct load *load = at->members[i].load;
		all[i] = &load->down;
	}
	return timeline_sum(arena, all, count);
}

/* A steady rate is no burst: the queue is full only if the server does not accept for a while. */
static void collect_pause(struct collector *c, const struct judgement *j)
{
	const struct situation *s = c->situation;
	const struct timeline plan = arrivals_of(s->arena, j->at);
	double room = room_of(j);
	double pause = pause_that_fills(&plan, room);
	char rate[NUMBER_TEXT_MAX], seconds[NUMBER_TEXT_MAX], left[NUMBER_TEXT_MAX];
	const char *severity = "note";
	if (!(pause < pause_of_interest_s) || room <= 0)
		return;
	if (pause < pause_of_cgroup_s)
		severity = "warning";
	finding_add(c,
			(struct finding){.id = "accept-pause",
					.severity = severity,
					.where = j->rule->title,
					.sources = pause_sources,
					.source_count = COUNT_OF(pause_sources),
					.text = arena_printf(s->arena,
							"At %s new connections per second, a server that stops accepting for "
							"%s "
							"fills its accept queue of %s. A steady rate alone does not fill it. "
							"Use "
							"--burst to say how many arrive at once.",
							text_number(rate, pause_peak_rate(&plan), UNIT_COUNT),
							text_number(seconds, pause, UNIT_SECONDS),
							text_number(left, room, UNIT_COUNT))});
}

static void collect_queue(struct collector *c, const struct all_limits *limits)
{
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		bool applies = j->status != STATUS_NOT_APPLICABLE;
		if (applies && !strcmp(j->rule->id, "accept-queue"))
			collect_pause(c, j);
	}
}

static const char *late_text(const struct situation *s, const struct judgement *j)
{
	char slack[NUMBER_TEXT_MAX], use[NUMBER_TEXT_MAX], second[NUMBER_TEXT_MAX];
	const struct load *load = j->at->members[0].load;
	const char *silent = load->workload->values[W_PEER_CLOSE].text;
	const char *state = "TIME_WAIT", *key = "tcp.time_wait_slack_s";
	if (silent && !strcmp(silent, "never")) {
		state = "FIN_WAIT_2";
		key = "tcp.fin_wait2_slack_s";
	}
	(void)text_number(slack, facts_number(s->facts, key), UNIT_SECONDS);
	(void)text_number(use, j->utilization, UNIT_RATIO);
	(void)text_number(second, j->late_at_s, UNIT_SECONDS);
	const char *taken = "";
	if (isnan(facts_number(s->facts, "kernel.hz")))
		taken = " (kernel.hz is not known; headroom assumes 100 ticks per second, the "
				"fewest)";
	return arena_printf(s->arena,
			"%s would be %s used. The kernel may end %s up to %s late%s. This plan "
			"would then use all of them after %s.",
			j->rule->title,
			use,
			state,
			slack,
			taken,
			second);
}

/* Plans that fit by a little: if timers end on time, or if connect() finds ports at once. */
static void collect_narrow(struct collector *c, const struct all_limits *limits)
{
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		struct finding finding = {.severity = "warning", .where = j->rule->title};
		if (!isnan(j->late_at_s)) {
			finding.id = "timers-end-late";
			finding.text = late_text(c->situation, j);
			finding_add(c, finding);
		}
		if (!isnan(j->strained_at_s)) {
			finding.id = "strained";
			finding.text = j->rule->strained_note;
			finding_add(c, finding);
		}
	}
}

/* Where the demand is the most that the kernel can need, and not what it needs. */
static const char *least_text(const struct situation *s, const struct judgement *j)
{
	char least[NUMBER_TEXT_MAX], most[NUMBER_TEXT_MAX];
	const struct limit_rule *rule = j->rule;
	(void)text_number(least, j->least_demand, rule->quantity);
	(void)text_number(most, j->kernel_demand, rule->quantity);
	return arena_printf(s->arena,
			"%s: between %s and %s, %.1f times as many. The verdict uses the highest "
			"number. %s",
			rule->title,
			least,
			most,
			j->kernel_demand / j->least_demand,
			rule->at_least_note);
}

static void collect_least(struct collector *c, const struct all_limits *limits)
{
	static const double worth_saying = 1.05;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		bool differs = j->kernel_demand > worth_saying * j->least_demand;
		if (!differs || j->status == STATUS_NOT_APPLICABLE)
			continue;
		finding_add(c,
				(struct finding){.id = "upper-bound",
						.severity = "note",
						.where = j->rule->title,
						.text = least_text(c->situation, j)});
	}
}

static void collect_planning(struct collector *c, const struct all_limits *limits)
{
	const struct situation *s = c->situation;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		char need[NUMBER_TEXT_MAX], kernel[NUMBER_TEXT_MAX];
		if (!j->planning || j->status == STATUS_NOT_APPLICABLE)
			continue;
		finding_add(c,
				(struct finding){.id = "planning-constant",
						.severity = j->planning_fails ? "warning" : "note",
						.where = j->rule->title,
						.sources = j->rule->sources,
						.source_count = j->rule->source_count,
						.text = arena_printf(s->arena,
								"%s: the planning rule asks for %s; the kernel itself needs %s%s%s",
								j->rule->title,
								text_number(need, j->demand, j->rule->quantity),
								text_number(kernel, j->kernel_demand, j->rule->quantity),
								j->planning_fails ? ", which fits. Only the planning rule makes "
													"this limit fail. "
												  : ". ",
								j->rule->planning_note ? j->rule->planning_note : "")});
	}
}

/* The setting that raises the limit; NULL: none of its fixes changes one. */
static const char *setting_of(const struct rules *rules, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->fixes.count; i++) {
		const struct fix_rule *fix = rules_fix(rules, limit->fixes.items[i]);
		if (fix && fix->kind == FIX_FACT)
			return fix->target;
	}
	return NULL;
}

static const char *full_text(const struct situation *s, const struct resource *resource)
{
	char used[NUMBER_TEXT_MAX], capacity[NUMBER_TEXT_MAX];
	const struct limit_rule *limit = resource->worst.rule;
	const struct present *now = &resource->now;
	const char *setting = setting_of(s->rules, limit);
	struct text text = {0};
	text_number(used, now->used, limit->quantity);
	text_number(capacity, now->capacity, limit->quantity);
	text_add(&text, limit->title);
	if (now->by)
		text_addf(&text, " of %s", now->by);
	text_addf(&text, ": %s of %s in use now", used, capacity);
	if (setting)
		text_addf(&text, " (%s)", setting);
	text_add(&text, ".");
	return text_take(s->arena, &text);
}

/* Advisory limits that are used up now: they are not among the lines that come first. */
static void collect_full(struct collector *c, const struct all_limits *limits)
{
	for (size_t i = 0; i < limits->count; i++) {
		const struct resource *resource = &limits->items[i];
		const struct limit_rule *limit = resource->worst.rule;
		bool advisory = resource->worst.severity == SEVERITY_ADVISORY;
		if (!advisory || resource->now.state != PRESENT_FULL)
			continue;
		struct finding finding = {
				.id = "full-now",
				.severity = "warning",
				.where = limit->title,
				.text = full_text(c->situation, resource),
				.sources = limit->sources,
				.source_count = limit->source_count,
		};
		finding_add(c, finding);
	}
}

static bool has_limit(const struct rules *rules, const char *calibrator)
{
	for (size_t i = 0; i < rules->limit_count; i++)
		if (rules->limits[i].calibrated_by && !strcmp(rules->limits[i].calibrated_by, calibrator))
			return true;
	return false;
}

/* The kernel gave something else than the model says. */
static void collect_calibration(struct collector *c)
{
	const struct situation *s = c->situation;
	for (size_t i = 0; i < s->options->measurement_count; i++) {
		const struct measurement *m = &s->options->measurements[i];
		char predicted[NUMBER_TEXT_MAX], measured[NUMBER_TEXT_MAX];
		if (!m->comparable || !measurement_disagrees(m))
			continue;
		enum unit unit = strcmp(m->unit, "bytes") ? UNIT_COUNT : UNIT_BYTES;
		const char *in = unit == UNIT_BYTES ? "" : arena_printf(s->arena, " %s", m->unit);
		const char *used = !has_limit(s->rules, m->calibrator) ? ""
				: m->quantity ? " The verdict uses the larger demand."
							  : " The verdict uses the lower of the two.";
		finding_add(c,
				(struct finding){.id = "calibration-disagrees",
						.where = m->calibrator,
						.severity = m->measured < m->predicted || m->quantity ? "warning" : "note",
						.text = arena_printf(s->arena,
								"%s: %s%s predicted, %s measured on this kernel.%s",
								m->calibrator,
								text_number(predicted, m->predicted, unit),
								in,
								text_number(measured, m->measured, unit),
								used)});
	}
}

/* 0.1 began such a plan with all of its connections. */
static void collect_start(struct collector *c, const struct load *load)
{
	const struct workload *workload = load->workload;
	const struct workload_value *values = workload->values;
	char live[NUMBER_TEXT_MAX], life[NUMBER_TEXT_MAX];
	bool assumed = values[W_START].assumed && !strcmp(values[W_START].text, "empty");
	if (!workload->first_version || !assumed)
		return;
	(void)text_number(live, workload->peak_connections, UNIT_COUNT);
	(void)text_number(life, values[W_LIFETIME].number, UNIT_SECONDS);
	const char *text = arena_printf(c->situation->arena,
			"This plan (headroom.workload/1) has a rate and a lifetime, so it starts "
			"without connections and has %s after %s. headroom 0.1 had them open "
			"from the start. --start steady gives the numbers of 0.1.",
			live,
			life);
	finding_add(c, (struct finding){.id = "starts-empty", .severity = "note", .text = text});
}

static void collect_waivers(struct collector *c)
{
	const struct model_options *options = c->situation->options;
	for (size_t i = 0; i < options->waiver_count; i++)
		if (options->waivers[i].expired)
			finding_add(c,
					(struct finding){.id = "waiver-expired",
							.severity = "warning",
							.where = options->waivers[i].id,
							.text = arena_printf(c->situation->arena,
									"The waiver for %s expired on %s and no longer counts.",
									options->waivers[i].id,
									options->waivers[i].expires)});
}

static void collect_age(struct collector *c)
{
	const char *text = age_warning(c->situation->arena, c->situation->options);
	if (text)
		finding_add(c, (struct finding){.id = "facts-age", .severity = "warning", .text = text});
}

void findings_collect(const struct situation *situation,
		const struct all_limits *limits,
		struct result *ret_result)
{
	struct collector c = {.situation = situation, .result = ret_result};
	collect_full(&c, limits);
	collect_calibration(&c);
	collect_planning(&c, limits);
	collect_bound(&c, limits);
	collect_narrow(&c, limits);
	collect_least(&c, limits);
	collect_queue(&c, limits);
	collect_myths(&c);
	collect_closer(&c, limits);
	for (size_t i = 0; i < situation->load_count; i++)
		collect_start(&c, &situation->loads[i]);
	collect_boot(&c);
	collect_overridden(&c);
	collect_void(&c, "boot.refused", "refused-at-boot");
	collect_void(&c, "boot.dead", "dead-at-boot");
	collect_service_limits(&c);
	collect_waivers(&c);
	collect_age(&c);
}
