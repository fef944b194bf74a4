#include "probes/plan/locust/load.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Measured with Locust 2.47.0 (Python 3.11): what a process has before its first user. A user is a
 * greenlet with a session of its own. */
enum {
	FDS_OWN = 5,
	FDS_OWN_FORKED = 14,
	MEMORY_BASE = 55 * 1000 * 1000,
	MEMORY_HTTP_USER = 50 * 1000,
	MEMORY_FAST_USER = 25 * 1000
};

struct load {
	const struct locust_run *run;
	struct locust_script *script;
	const struct plan_context *context;
	struct plan *plan;
	struct locust_users users;
	struct locust_shape shape;
	bool shaped; /* the shape decides the users */
	bool ramped; /* they come one after another */
	double peak; /* users, at most */
	const char *users_from;
	double per_user;      /* connections that a user holds, mean over the users */
	double rate_per_user; /* new connections per second, without keep-alive; NAN: not known */
	const struct locust_note *each; /* why each request opens a connection, or NULL */
	bool client_closes;
	bool mixed; /* other connections are kept */
	enum confidence confidence;
	const char *from;
};

static void locust_ask_connections(struct load *l, const char *why)
{
	plan_ask(l->plan, l->context, why, W_CONNECTIONS, WORKLOAD_FIELDS);
}

static const char *clause(const struct load *l, const char *where, const char *what)
{
	return arena_printf(l->plan->arena, "%s: %s", where, what);
}

/* A class whose users are not plain HTTP. */
static const char *why_other(const struct load *l)
{
	const struct locust_users *users = &l->users;
	const char *at = users->other_at, *name = users->other_name;
	if (users->other_browser)
		return arena_printf(l->plan->arena,
				"%s: each user of %s is a browser, with its own connections and processes",
				at,
				name);
	if (users->missing)
		return arena_printf(l->plan->arena,
				"%s: %s takes %s from a module that is not here: how many connections do its "
				"users open",
				at,
				name,
				users->missing);
	return arena_printf(l->plan->arena,
			"%s: %s connects in a way that the locustfile does not show",
			at,
			name);
}

static void warn_of_missing(struct load *l)
{
	const struct locust_users *users = &l->users;
	if (!users->missing)
		return;
	plan_find(l->plan,
			"plan-locust-module",
			"warning",
			users->missing_at,
			arena_printf(l->plan->arena,
					"%s is in a module that is not here, so what it does is not counted. Its "
					"requests may open more connections, or close them. Give the numbers with "
					"--connections and --open-rate.",
					users->missing));
}

/* What the text does not tell: asked for by name. */
static bool ask_unknown(struct load *l)
{
	struct arena *arena = l->plan->arena;
	const struct locust_users *users = &l->users;
	const struct locust_note *client = users->facts[FACT_CLIENT];
	const struct locust_note *beside = users->facts[FACT_SIDE_CLIENT];
	bool plain = true;
	for (size_t i = 0; i < users->count; i++)
		plain &= users->items[i].kind == KIND_PLAIN;
	bool requests = users->facts[FACT_REQUEST] || users->facts[FACT_CALL] ||
			users->facts[FACT_URLOPEN] || users->facts[FACT_SESSION_EACH];
	const struct locust_note *shared = users->facts[FACT_SHARED];
	const char *why = NULL;
	if (l->run->unread)
		why = l->run->unread;
	else if (l->script->cut_at)
		why = clause(l, l->script->cut_at, "the locustfile is too large to be read completely");
	else if (!users->count)
		why = clause(l, l->script->files[0].path, "the locustfile has no class of users");
	else if (users->other_at)
		why = why_other(l);
	else if (client)
		why = arena_printf(arena,
				"%s: the locustfile uses %s, and it is not known how many connections that opens",
				client->where,
				client->name);
	else if (users->missing && !requests)
		why = arena_printf(arena,
				"%s: the users' tasks come from %s, a module that is not here: how many "
				"connections do they open",
				users->missing_at,
				users->missing);
	else if (plain && shared)
		why = arena_printf(arena,
				"%s: all users share this session; the requests library keeps 10 of its "
				"connections and closes the others after each use",
				shared->where);
	else if (plain && !requests && beside)
		why = arena_printf(arena, "%s: the users connect through %s", beside->where, beside->name);
	else if (plain && !requests)
		why = arena_printf(arena,
				"%s: %s uses a client that headroom does not know",
				users->items[0].where,
				users->items[0].name);
	if (why)
		locust_ask_connections(l, why);
	else if (shared)
		plan_find(l->plan,
				"plan-locust-shared",
				"warning",
				shared->where,
				"All users share this session in addition to their own; its connections are not "
				"counted.");
	if (!why)
		warn_of_missing(l);
	if (!why && beside)
		plan_find(l->plan,
				"plan-locust-beside",
				"warning",
				beside->where,
				arena_printf(arena,
						"The locustfile also uses %s: those connections are not counted.",
						beside->name));
	return why != NULL;
}

/* Each request opens a connection: where, and who closes it. */
static void locust_find_closing(struct load *l)
{
	static const enum locust_fact by_client[] = {FACT_CALL, FACT_SESSION_EACH, FACT_CLIENT_CLOSE};
	static const enum locust_fact by_server[] = {FACT_CLOSE_HEADER, FACT_URLOPEN};
	for (size_t i = 0; i < COUNT_OF(by_server); i++)
		if (l->users.facts[by_server[i]])
			l->each = l->users.facts[by_server[i]];
	for (size_t i = 0; i < COUNT_OF(by_client); i++)
		if (l->users.facts[by_client[i]]) {
			l->each = l->users.facts[by_client[i]];
			l->client_closes = true;
		}
}

static double locust_weight_of(const struct locust_user *user)
{
	if (user->weight > 0)
		return user->weight;
	return 1; /* not known */
}

/* How many of the users are of each class: the fixed ones first, the others by weight. */
static void locust_share_users(struct load *l, double users, double *ret_each)
{
	const struct locust_users *all = &l->users;
	double fixed = 0, weights = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct locust_user *user = &all->items[i];
		if (user->fixed > 0)
			fixed += user->fixed;
		else
			weights += locust_weight_of(user);
	}
	double rest = fmax(0, users - fixed);
	double scale = fmin(1, users / fixed);
	for (size_t i = 0; i < all->count; i++) {
		const struct locust_user *user = &all->items[i];
		if (user->fixed > 0)
			ret_each[i] = user->fixed * scale;
		else
			ret_each[i] = rest * locust_weight_of(user) / weights;
	}
}

static double locust_hosts_of(const struct load *l, size_t user)
{
	double given = plan_given(l->context, W_DESTINATIONS);
	const struct locust_user *of = &l->users.items[user];
	double hosts = of->hosts;
	if (!isnan(given))
		hosts = given;
	if (of->each && !of->keeps)
		return 1; /* one connection at a time */
	return hosts + of->each;
}

/* Connections and new connections per second of the mean user, where `users` run. */
static void set_means(struct load *l, double users)
{
	double *each = arena_alloc(l->plan->arena, l->users.count * sizeof *each);
	double connections = 0, rate = 0;
	locust_share_users(l, users, each);
	for (size_t i = 0; i < l->users.count; i++) {
		connections += each[i] * locust_hosts_of(l, i);
		bool opens = each[i] > 0 && l->users.items[i].each;
		if (opens)
			rate += each[i] / l->users.items[i].cycle_s;
		l->mixed |= !opens || l->users.items[i].keeps;
	}
	l->per_user = 1;
	l->rate_per_user = NAN;
	if (users <= 0)
		return;
	l->per_user = connections / users;
	if (l->each && rate > 0)
		l->rate_per_user = rate / users;
}

/* Greenlets inside a user, and pools that users share. False: asked for. */
static bool set_pools(struct load *l)
{
	struct arena *arena = l->plan->arena;
	const struct locust_users *users = &l->users;
	const struct locust_note *spawn = users->facts[FACT_SPAWN];
	const struct locust_name *pool = users->shared_pool;
	bool fast = true;
	for (size_t i = 0; i < users->count; i++)
		fast &= users->items[i].kind == KIND_FAST;
	if (pool) {
		locust_ask_connections(l,
				arena_printf(arena,
						"%s: users share the connections of %s",
						pool->where,
						pool->name));
		return false;
	}
	if (!spawn)
		return true;
	if (!fast || isnan(users->concurrency)) {
		plan_ask(l->plan,
				l->context,
				arena_printf(arena,
						"%s: a user makes several requests at the same time; the requests "
						"library opens a connection for each of them and closes those beyond 10",
						spawn->where),
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return false;
	}
	l->per_user *= users->concurrency;
	l->confidence = CONFIDENCE_BOUND;
	l->from = arena_printf(arena,
			"%s × %g at the same time (%s)",
			l->from,
			users->concurrency,
			spawn->where);
	return true;
}

static bool locust_set_destinations(struct load *l, struct error *err)
{
	const struct locust_users *users = &l->users;
	if (!isnan(plan_given(l->context, W_DESTINATIONS)))
		return true;
	if (users->unknown_host_at && users->hosts.count)
		plan_find(l->plan,
				"plan-locust-host",
				"warning",
				users->unknown_host_at,
				"This host is not known before the run and is not counted: name the hosts with "
				"--to.");
	if (!users->count && l->run->host)
		return plan_url(l->plan, l->run->host, l->run->host_from, err);
	if (!users->hosts.count) {
		const char *missing = l->script->missing;
		const char *why = "neither --host nor the locustfile's text names a host";
		if (missing)
			why = arena_printf(l->plan->arena,
					"%s; it takes %s from the environment, where it is not set: write `env "
					"%s=VALUE locust …`",
					why,
					missing,
					missing);
		plan_ask(l->plan, l->context, why, W_DESTINATIONS, W_CONNECTIONS, WORKLOAD_FIELDS);
		return true;
	}
	const char *from = "URLs in the locustfile";
	if (l->run->host)
		from = arena_printf(l->plan->arena, "%s, and %s", l->run->host_from, from);
	return plan_destinations(l->plan,
			users->hosts.items,
			users->hosts.count,
			CONFIDENCE_ESTIMATE,
			from,
			err);
}

/* How many users there are at the end of a stage, which change at a rate. */
static double reached_in(double before, double users, double rate, double seconds)
{
	double change = fabs(users - before);
	if (rate > 0 && change / rate > seconds)
		return before + (users - before) * seconds / (change / rate);
	return users;
}

/* The most users that the stages of a shape get to. */
static double reached_by(const struct locust_shape *shape)
{
	double before_s = 0, users = 0, most = 0;
	for (size_t i = 0; i < shape->stage_count; i++) {
		const struct locust_stage *stage = &shape->stages[i];
		double seconds = stage->until_s - before_s;
		users = reached_in(users, stage->users, stage->rate_per_s, seconds);
		before_s = stage->until_s;
		most = fmax(most, users);
	}
	return ceil(most - 1e-9);
}

/* One stage: users change at a rate, then stay. Returns how many there are at its end. */
static double add_stage(struct load *l, double before, double users, double rate, double seconds)
{
	double reached = reached_in(before, users, rate, seconds), ramp = 0;
	if (rate > 0)
		ramp = fmin(seconds, fabs(users - before) / rate);
	plan_stage(l->plan, ramp, reached * l->per_user, NAN, l->confidence, l->from);
	if (seconds > ramp && isfinite(seconds))
		plan_stage(l->plan, seconds - ramp, reached * l->per_user, NAN, l->confidence, l->from);
	return reached;
}

static void set_shape_stages(struct load *l)
{
	double before_s = 0, users = 0;
	for (size_t i = 0; i < l->shape.stage_count; i++) {
		const struct locust_stage *stage = &l->shape.stages[i];
		double seconds = stage->until_s - before_s;
		users = add_stage(l, users, stage->users, stage->rate_per_s, seconds);
		before_s = stage->until_s;
	}
	if (isfinite(before_s))
		plan_number(l->plan, W_DURATION, before_s, CONFIDENCE_ESTIMATE, l->shape.stages_at);
}

/* Without keep-alive a user has one connection at a time. */
static void set_opens(struct load *l, double users)
{
	struct plan *plan = l->plan;
	const struct locust_note *each = l->each;
	double latency = plan_given(l->context, W_LATENCY);
	const char *from = each->where;
	if (!l->mixed)
		plan_number(plan, W_REQUESTS_PER_CONNECTION, 1, CONFIDENCE_EXACT, from);
	const char *closer = "server";
	if (l->client_closes)
		closer = "client";
	plan_choice(plan, W_CLOSER, closer, CONFIDENCE_ESTIMATE, from);
	bool staged = plan->workload.stage_count > 0;
	if (!isnan(l->rate_per_user)) {
		const char *waits = arena_printf(plan->arena, "%s, and the waits between tasks", from);
		if (staged)
			plan_number(plan,
					W_LIFETIME,
					l->per_user / l->rate_per_user,
					CONFIDENCE_ESTIMATE,
					waits);
		else
			plan_number(plan, W_OPEN_RATE, users * l->rate_per_user, CONFIDENCE_ESTIMATE, waits);
		return;
	}
	if (!isnan(latency))
		plan_number(plan,
				W_LIFETIME,
				latency,
				CONFIDENCE_ESTIMATE,
				"--latency: a request per connection");
	plan_ask(plan,
			l->context,
			arena_printf(plan->arena,
					"%s: each request opens a connection, and it is not known how many there are "
					"per second",
					from),
			W_OPEN_RATE,
			W_REQUESTS,
			W_LATENCY,
			W_LIFETIME,
			WORKLOAD_FIELDS);
}

/* Users and their ramp, by the shape or by -u, -r and -t. */
static void locust_set_users(struct load *l)
{
	const struct locust_run *run = l->run;
	struct plan *plan = l->plan;
	double seconds = run->run_s;
	if (isnan(seconds))
		seconds = INFINITY;
	if (l->shaped && l->shape.stage_count)
		set_shape_stages(l);
	else if (l->ramped)
		(void)add_stage(l, 0, l->peak, run->rate_per_s, seconds);
	else
		plan_number(plan, W_CONNECTIONS, l->peak * l->per_user, l->confidence, l->from);
	if (l->each)
		set_opens(l, l->peak);
	else if (!plan->workload.stage_count)
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "users keep their sessions");
	if (!l->shaped && run->run_s > 0)
		plan_number(plan, W_DURATION, run->run_s, CONFIDENCE_EXACT, run->run_from);
}

static void set_measured(const struct load *l, enum workload_field field, double number)
{
	static const char from[] = "measured: Locust 2.47";
	plan_number(l->plan, field, number, CONFIDENCE_ESTIMATE, from);
}

static void set_resources(const struct load *l)
{
	bool http = !l->users.count;
	for (size_t i = 0; i < l->users.count; i++)
		http |= l->users.items[i].kind != KIND_FAST;
	set_measured(l, W_FDS_BASE, FDS_OWN);
	if (l->run->forked)
		set_measured(l, W_FDS_BASE, FDS_OWN_FORKED);
	set_measured(l, W_MEMORY_BASE, MEMORY_BASE);
	set_measured(l, W_MEMORY_PER_USER, MEMORY_FAST_USER);
	if (http)
		set_measured(l, W_MEMORY_PER_USER, MEMORY_HTTP_USER);
}

/* Who decides how many users there are, and how many. */
static void locust_set_peak(struct load *l)
{
	const struct locust_run *run = l->run;
	enum confidence confidence = CONFIDENCE_EXACT;
	l->shaped = l->shape.name != NULL;
	l->peak = run->users;
	l->users_from = run->users_from;
	l->ramped = run->rate_per_s > 0 && run->users / run->rate_per_s > 1;
	if (l->shaped) {
		l->peak = l->shape.peak;
		if (l->shape.stage_count)
			l->peak = reached_by(&l->shape);
		l->users_from = clause(l, l->shape.where, l->shape.name);
		l->ramped = false;
		confidence = CONFIDENCE_ESTIMATE;
	}
	bool known = l->shaped || !run->typed;
	if (known && !isnan(l->peak))
		plan_number(l->plan, W_USERS, l->peak, confidence, l->users_from);
}

/* Asks where the number of users is not known. */
static bool ask_users(struct load *l)
{
	if (l->shaped && !l->shape.known) {
		locust_ask_connections(l,
				arena_printf(l->plan->arena,
						"%s: %s decides the number of users while Locust runs; -u, -r and -t "
						"have no effect",
						l->shape.where,
						l->shape.name));
		return true;
	}
	if (l->shaped || !l->run->typed)
		return false;
	locust_ask_connections(l, "the number of users is entered on Locust's web page");
	return true;
}

static void set_origin(struct load *l)
{
	struct arena *arena = l->plan->arena;
	l->from = l->users_from;
	if (l->ramped)
		l->from = arena_printf(arena, "%s, %s", l->from, l->run->rate_from);
	if (l->per_user > 1)
		l->from = arena_printf(arena, "%s × %.3g hosts", l->from, l->per_user);
}

bool locust_set_load(const struct locust_run *run, struct error *err)
{
	struct locust_script *script = run->script;
	struct load l = {
			.run = run,
			.script = script,
			.context = script->context,
			.plan = script->plan,
			.confidence = CONFIDENCE_ESTIMATE,
	};
	double latency = plan_given(l.context, W_LATENCY);
	double given = plan_given(l.context, W_DESTINATIONS);
	locust_users_read(script, &run->chosen, run->host, latency, &l.users);
	locust_shape_read(script, &l.shape);
	plan_choice(l.plan, W_CLOSER, "client", CONFIDENCE_ESTIMATE, "when a user stops");
	locust_set_peak(&l);
	set_resources(&l);
	bool asked = ask_unknown(&l);
	if (!locust_set_destinations(&l, err))
		return false;
	asked |= ask_users(&l);
	if (asked)
		return true;
	if (isnan(given) && !l.users.hosts.count)
		return true; /* asked for */
	locust_find_closing(&l);
	set_means(&l, l.peak);
	if (!isnan(given) && !l.each && !l.shaped && !l.users.missing)
		l.confidence = CONFIDENCE_EXACT;
	set_origin(&l);
	if (set_pools(&l))
		locust_set_users(&l);
	return true;
}
