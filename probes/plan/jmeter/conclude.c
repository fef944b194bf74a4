/* What follows from a test plan: connections over time, who closes them and when, the program's own
 * threads, files and memory. Sources: HTTPHC4Impl.java (pools by thread and user,
 * httpclient4.time_to_live and idletimeout), HTTPJavaImpl.java; numbers of a running JMeter 5.6.3
 * in docs/plans.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/jmeter/jmeter.h"
#include "probes/plan/tool/closing.h"

enum {
	TTL_VERSION = 4 /* JMeter's: the first with a time to live of its own */
};

/* Counted in a running JMeter 5.6.3 on OpenJDK 17. */
static const double jvm_threads = 26, jvm_files = 157;
static const double jvm_memory = 190.0 * 1024 * 1024, memory_per_user = 200.0 * 1024;
static const double default_ttl_s = 60;
/* Where nothing but loops ends a group: so long it is taken to last. */
static const double endless_s = 600;

/* What the groups say about connections that are closed while the test runs. */
struct churn {
	double open_rate;    /* of all groups at their peaks, at the most; NAN: not known */
	bool server, client; /* who closes some of them */
	bool iterations;     /* some are closed at the end of an iteration */
	bool downloads;      /* in parallel, by two users or more */
	bool by_chance;      /* a timer lets through so many on average */
	bool by_latency;     /* the rate follows from --latency; else from pauses alone */
};

static bool known_by_latency(const struct jmeter *j)
{
	return !isnan(plan_given(j->context, W_LATENCY));
}

/* Connections that an iteration of this group opens and closes. */
static double closes_of(const struct jmeter_group *group)
{
	double closes = group->server_closes + group->client_closes;
	if (group->new_user)
		closes = fmax(closes, jmeter_user_sockets(group));
	return closes;
}

static double open_rate_of(const struct jmeter *j, const struct jmeter_group *group)
{
	double closes = closes_of(group), seconds = jmeter_iteration_s(j, group);
	double rate = INFINITY;
	if (closes <= 0)
		return 0;
	if (group->arrivals)
		rate = jmeter_most_arrivals(group) * closes;
	else if (seconds > 0)
		rate = jmeter_most(j, group) * closes / seconds;
	if (group->samples > 0)
		rate = fmin(rate, group->most_per_s * closes / group->samples);
	if (isinf(rate))
		return (double)NAN;
	return rate;
}

/* Milliseconds of a property, in seconds; `otherwise` where it is not set. */
static bool property_s(struct jmeter *j, const char *name, double *ret, const char **ret_from)
{
	const struct jmeter_property *set = jmeter_property_find(&j->properties, name);
	struct error inner;
	double ms;
	if (!set)
		return true;
	if (!quantity_read(set->value, &quantity_count, &ms, &inner))
		return error_set(j->err, "%s: %s: %s", set->from, name, inner.text);
	*ret = ms / 1000;
	*ret_from = set->from;
	return true;
}

/* A connection is renewed at its first use after its time to live, or after an idle time. */
static double renewed_after(const struct jmeter_group *group, double ttl_s, double idle_s)
{
	double gap = 0;
	if (group->samples > 0)
		gap = group->pause_s / group->samples * fmax(1, (double)group->host_count);
	if (idle_s > 0 && (gap > idle_s || group->timers_unknown))
		return fmax(gap, idle_s);
	if (gap > 0 && ttl_s > 0)
		return ceil(ttl_s / gap - 1e-9) * gap;
	return ttl_s;
}

static bool set_lifetime(struct jmeter *j)
{
	const char *version = tree_text(j->document.root, "jmeter");
	const char *from = "httpclient4.time_to_live: JMeter's default";
	double ttl_s = default_ttl_s, idle_s = 0, least = INFINITY;
	if (version && atoi(version) < TTL_VERSION)
		ttl_s = 0;
	if (!property_s(j, "httpclient4.time_to_live", &ttl_s, &from) ||
			!property_s(j, "httpclient4.idletimeout", &idle_s, &from))
		return false;
	for (size_t i = 0; i < j->group_count; i++) {
		double renewed = renewed_after(&j->groups[i], ttl_s, idle_s);
		if (renewed > 0 && j->groups[i].host_count)
			least = fmin(least, renewed);
	}
	if (!isinf(least))
		plan_number(j->plan, W_LIFETIME, least, CONFIDENCE_ESTIMATE, from);
	return true;
}

static bool resets_on_iteration(const struct jmeter *j)
{
	const struct jmeter_property *set = jmeter_property_find(&j->properties,
			"httpclient.reset_state_on_thread_group_iteration");
	return !set || strcmp(set->value, "false") != 0;
}

static void find_closes(struct jmeter *j, struct churn *ret)
{
	double users = 0;
	*ret = (struct churn){.by_latency = known_by_latency(j)};
	for (size_t i = 0; i < j->group_count; i++) {
		struct jmeter_group *group = &j->groups[i];
		group->new_user &= resets_on_iteration(j);
		users += group->downloads ? fmax(2, group->threads) - 1 : 0;
		ret->server |= group->server_closes > 0;
		ret->client |= group->client_closes > 0;
		ret->iterations |= group->new_user && group->host_count;
		ret->downloads |= group->downloads && !(group->threads <= 1);
		double rate = open_rate_of(j, group);
		if (j->serialized && !isnan(rate))
			rate = fmax(0, rate - ret->open_rate);
		ret->open_rate += rate;
		ret->by_chance |= group->by_chance;
	}
	ret->downloads |= users > 1;
}

/* "plan.jmx:26: 100 users × 2 connections; plan.jmx:51: 5 users" */
static const char *told(const struct jmeter *j)
{
	struct text text = {0};
	for (size_t i = 0; i < j->group_count && i < 5; i++) {
		const struct jmeter_group *group = &j->groups[i];
		double each = jmeter_user_sockets(group);
		text_addf(&text, "%s%s", i ? "; " : "", group->threads_from);
		if (each > 1)
			text_addf(&text, ": %g threads × %g connections", group->threads, each);
	}
	if (j->group_count > 5)
		text_addf(&text, " and %zu more groups", j->group_count - 5);
	return text_take(j->arena, &text);
}

static enum confidence how_sure(const struct jmeter *j, const struct churn *churn)
{
	enum confidence confidence = CONFIDENCE_EXACT;
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		if (group->arrivals && known_by_latency(j))
			return CONFIDENCE_ESTIMATE;
		if (group->loops_end || group->delayed || group->downloads || group->arrivals ||
				(group->branches && group->host_count > 1))
			confidence = CONFIDENCE_BOUND;
	}
	if (j->unresolved || j->other_sampler)
		return CONFIDENCE_ESTIMATE;
	if (j->serialized || churn->server || churn->client || churn->iterations)
		return CONFIDENCE_BOUND;
	return confidence;
}

static double whole_sockets(const struct jmeter *j, double at_s, bool before)
{
	return ceil(jmeter_sockets_at(j, at_s, before) - 1e-9);
}

/* The sum of all groups, border by border. */
static void draw_course(struct jmeter *j,
		const struct jmeter_course *course,
		enum confidence confidence,
		const char *from)
{
	double before = 0;
	for (size_t i = 0; i < course->border_count; i++) {
		double at_s = course->borders[i];
		if (i && at_s <= course->borders[i - 1])
			continue;
		double left = whole_sockets(j, at_s, true);
		double right = whole_sockets(j, at_s, false);
		if (at_s > before)
			plan_stage(j->plan, at_s - before, left, NAN, confidence, from);
		if (fabs(right - left) > 0 && at_s < course->end_s)
			plan_stage(j->plan, 0, right, NAN, confidence, from);
		before = fmax(before, at_s);
	}
	if (isinf(course->end_s))
		plan_stage(j->plan,
				endless_s,
				whole_sockets(j, before, false),
				NAN,
				confidence,
				arena_printf(j->arena, "%s; it ends only when its loops are done", from));
}

/* Are all there from the first second to the last? Then a number says it. */
static bool never_changes(const struct jmeter *j, const struct jmeter_course *course)
{
	if (j->serialized || !course->border_count)
		return true;
	double last_s = course->borders[course->border_count - 1];
	return jmeter_sockets_at(j, 0, false) >= course->sockets &&
			(last_s <= 0 || jmeter_sockets_at(j, last_s, true) >= course->sockets);
}

/* Does the user say how many are opened a second? */
static bool rate_is_given(const struct jmeter *j)
{
	return !isnan(plan_given(j->context, W_OPEN_RATE)) ||
			!isnan(plan_given(j->context, W_REQUESTS));
}

static void conclude_connections(struct jmeter *j,
		const struct jmeter_course *course,
		const struct churn *churn)
{
	struct plan *plan = j->plan;
	const char *from = told(j);
	enum confidence confidence = how_sure(j, churn);
	bool renews = churn->server || churn->client || churn->iterations || churn->downloads;
	if (isnan(course->sockets))
		return; /* asked for */
	if (course->sockets <= 0 && j->other_sampler)
		return; /* asked for by its name */
	if (course->sockets <= 0) {
		plan_ask(plan,
				j->context,
				"no thread group has a sampler whose connections headroom can count",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return;
	}
	bool known = plan->workload.values[W_LIFETIME].set && !rate_is_given(j);
	if ((renews && !known) || !course->main_is_peak || never_changes(j, course)) {
		plan_number(plan, W_CONNECTIONS, course->sockets, confidence, from);
		if (!renews)
			plan_choice(plan, W_START, "together", CONFIDENCE_EXACT, "all users start at once");
	} else {
		draw_course(j, course, confidence, from);
	}
}

/* The program's own: threads, open files, memory. */
static void set_program(struct jmeter *j, const struct jmeter_course *course)
{
	struct plan *plan = j->plan;
	double downloads = 0, users = ceil(course->users - 1e-9), threads = 0;
	static const char measured[] = "measured: JMeter 5.6.3 on OpenJDK 17";
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "JMeter connects without bind");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"the JVM raises the soft limit to the hard one");
	plan_number(plan, W_FDS_BASE, jvm_files, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_BASE, jvm_memory, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_PER_USER, memory_per_user, CONFIDENCE_ESTIMATE, measured);
	if (isnan(users))
		return;
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		downloads += jmeter_most(j, group) * group->download_pool;
		if (group->phase == JMETER_MAIN && !group->arrivals && !group->delayed && !j->serialized)
			threads += group->threads; /* all are made at the start, and wait for their turn */
	}
	plan_number(plan, W_USERS, users, CONFIDENCE_EXACT, told(j));
	if (!isnan(downloads))
		plan_number(plan,
				W_THREADS,
				fmax(users, threads) + downloads + jvm_threads,
				CONFIDENCE_ESTIMATE,
				"a thread per user, plus those of parallel downloads and of the JVM");
}

/* The rate of opens that the plan itself knows, as a lifetime of its connections. */
static void set_known_rate(struct jmeter *j,
		const struct jmeter_course *course,
		const struct churn *churn)
{
	enum confidence confidence = CONFIDENCE_BOUND;
	const char *from = "the pauses of the plan, because users cannot open faster";
	if (isnan(churn->open_rate) || !(churn->open_rate > 0) || !(course->sockets > 0))
		return;
	if (churn->by_chance)
		confidence = CONFIDENCE_ESTIMATE;
	if (churn->by_latency) {
		confidence = CONFIDENCE_ESTIMATE;
		from = "--latency of each sample, and the pauses of the plan";
	}
	plan_number(j->plan, W_LIFETIME, course->sockets / churn->open_rate, confidence, from);
}

static void close_by_server(struct jmeter *j,
		const struct jmeter_course *course,
		const struct churn *churn)
{
	set_known_rate(j, course, churn);
	plan_closes_each(j->plan, j->context, NAN, "each sample opens a connection", j->server_closes);
	if (!rate_is_given(j) && isnan(plan_given(j->context, W_LIFETIME)))
		set_known_rate(j, course, churn);
}

static void ask_for_downloads(struct jmeter *j)
{
	plan_find(j->plan,
			"plan-jmeter-downloads",
			"warning",
			j->client_closes,
			"With two or more users, JMeter does not keep the connections of parallel downloads. "
			"It opens and closes up to one for each embedded resource (measured: 3,248 for 4,510 "
			"requests). Without parallel downloads each user keeps its connection.");
	plan_number(j->plan,
			W_REQUESTS_PER_CONNECTION,
			1,
			CONFIDENCE_BOUND,
			"parallel downloads: up to a connection per resource");
	plan_ask(j->plan,
			j->context,
			"JMeter downloads embedded resources in parallel and opens up to one connection for "
			"each: how many are opened per second, or how many requests per second are made, "
			"including all resources",
			W_OPEN_RATE,
			W_REQUESTS,
			W_LIFETIME,
			WORKLOAD_FIELDS);
}

/* Who closes, and when. */
static bool conclude_closes(struct jmeter *j,
		const struct jmeter_course *course,
		const struct churn *churn)
{
	if (churn->server && !churn->client && !churn->downloads) {
		close_by_server(j, course, churn);
		return true;
	}
	plan_choice(j->plan,
			W_CLOSER,
			"client",
			CONFIDENCE_EXACT,
			"JMeter closes at the end, and when its pool renews a connection");
	if (churn->downloads) {
		ask_for_downloads(j);
		return true;
	}
	if (!churn->client && !churn->iterations)
		return set_lifetime(j);
	set_known_rate(j, course, churn);
	const char *why = "each iteration is a new user with new connections: how long does one last";
	if (churn->client)
		why = "samples close their own connections: how many are opened per second, or how "
			  "long does a sample take";
	plan_ask(j->plan, j->context, why, W_LIFETIME, W_OPEN_RATE, W_LATENCY, WORKLOAD_FIELDS);
	return true;
}

/* Arrivals whose iterations take an unknown time. */
static void ask_for_arrivals(struct jmeter *j)
{
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		if (!group->arrivals || !isnan(jmeter_most(j, group)))
			continue;
		plan_ask(j->plan,
				j->context,
				arena_printf(j->arena,
						"%s: %s starts %g users per second, and each stays for one iteration: "
						"how long does a sample take, or how many connections are open at peak",
						document_where(&j->document, group->node),
						group->kind,
						jmeter_most_arrivals(group)),
				W_LATENCY,
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
	}
}

static bool conclude_destinations(struct jmeter *j)
{
	struct plan *plan = j->plan;
	if (j->unresolved)
		plan_find(plan,
				"plan-jmeter-host",
				"note",
				j->unresolved,
				"This host is not known before the run, so it counts as one. Name the hosts with "
				"--to.");
	plan->tls = j->target_count && j->tls_count == j->target_count && !j->unresolved;
	if (j->target_count) {
		const char **items = arena_alloc(j->arena, j->target_count * sizeof *items);
		memcpy(items, j->targets, j->target_count * sizeof *items);
		enum confidence confidence = CONFIDENCE_EXACT;
		const char *from = arena_printf(j->arena, "%s: samplers", j->document.path);
		if (j->unresolved || j->proxy)
			confidence = CONFIDENCE_ESTIMATE;
		if (j->proxy)
			from = "-H, -P: everything except -N goes through the proxy";
		return plan_destinations(plan, items, j->target_count, confidence, from, j->err);
	}
	plan_ask(plan,
			j->context,
			"no sampler names a host that is known before the run",
			W_DESTINATIONS,
			WORKLOAD_FIELDS);
	return true;
}

static void ask_for_others(struct jmeter *j)
{
	if (!j->other_sampler)
		return;
	plan_ask(j->plan,
			j->context,
			arena_printf(j->arena,
					"%s: headroom does not count the connections of %s; how many does the whole "
					"plan have at peak",
					j->other_sampler,
					j->other_name),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
}

bool jmeter_conclude(struct jmeter *j)
{
	struct jmeter_course course;
	struct churn churn;
	find_closes(j, &churn);
	jmeter_course(j, &course);
	if (!isinf(course.end_s) && course.end_s > 0)
		plan_number(j->plan,
				W_DURATION,
				course.end_s,
				CONFIDENCE_EXACT,
				"the thread groups' schedulers");
	set_program(j, &course);
	ask_for_others(j);
	ask_for_arrivals(j);
	if (!conclude_destinations(j) || !conclude_closes(j, &course, &churn))
		return false;
	conclude_connections(j, &course, &churn);
	return true;
}
