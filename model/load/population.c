/* Connections over time, from event to event: a stage begins, what opened together ends together,
 * the last one is opened. Lifetimes are fixed, so what opens at t closes at t + lifetime; users who
 * reconnect open again at once. Where users leave, first those do not come back whose connection
 * ends; if that is not enough, the oldest connections are closed early, and then count as ended
 * when their time comes. */
#include "model/load/population.h"

#include <math.h>
#include <string.h>

/* What a plan says, from t on. */
struct piece {
	double t, value, slope;
};

enum {
	/* Events that are followed one by one, fewer where many are stages. After that, and once all
	 * has come round after the last stage, lifetimes are taken as spread: by then hundreds have
	 * passed, or nothing new happens. */
	EVENTS_MAX = 1024,
	EVENTS_LEAST = 256
};

/* All limits have their highest use within this time after the last stage and two lifetimes: no
 * timer of the kernel that matters to one is longer. */
static const double settling_s = 300;

struct population {
	struct arena *arena;
	struct timeline *timeline;
	size_t capacity;
	struct piece *pieces;
	size_t piece_count, piece_capacity;
	bool by_rate;     /* pieces are openings per second; else live connections */
	bool exponential; /* lifetimes: any connection may end at any time */
	double life;
	double first;  /* open from the start, beside what the pieces say */
	double prior;  /* closings per second of what is open from the start, over its first lifetime */
	double settle; /* when to stop following each event */
	/* Now: */
	double t, live;
	struct flow opens, closes;
	double allowed; /* connections that may still be opened */
	double rest;    /* closes in an instant */
	double early;   /* closed before their time, which is still to come */
	size_t begun;   /* pieces that have begun */
	size_t ended;   /* points whose openings have begun to end */
	double *jumps;  /* of each point: what opened all at once and ends so */
	size_t jump_capacity;
	size_t events;
	bool smooth; /* lifetimes are taken as spread */
	bool forced; /* users leave faster than their connections end, or have done so */
	double step; /* of exponential lifetimes: the next one */
};

static const double tiny = 1e-12;   /* relative: what rounding may leave */
static const double instant = 1e-9; /* relative, and in seconds */

static bool nearly(double a, double b, double scale)
{
	return fabs(a - b) <= tiny * fmax(1, scale);
}

static double value_at(const struct piece *piece, double t)
{
	return piece->value + piece->slope * (t - piece->t);
}

static const struct piece *piece_now(const struct population *p)
{
	return &p->pieces[p->begun - 1];
}

static bool is_spent(const struct population *p)
{
	return p->allowed <= 0;
}

/* Opens so many at once, as far as the plan goes; they will end together. */
static double open_at_once(struct population *p, double count)
{
	double opened = fmin(count, p->allowed);
	p->live += opened;
	p->opens.total += opened;
	p->allowed -= opened;
	if (p->allowed <= tiny * p->opens.total)
		p->allowed = 0;
	return opened;
}

static void close_at_once(struct population *p, double count)
{
	p->live -= count;
	p->closes.total += count;
}

/* A number of live connections begins: those that are missing open, those too many close, the
 * oldest first. */
static double go_to(struct population *p, double wanted)
{
	double more = wanted - p->live;
	if (nearly(wanted, p->live, wanted))
		return 0;
	if (more > 0)
		return open_at_once(p, more);
	close_at_once(p, -more);
	p->early -= more;
	return 0;
}

/* What opened together ends together; whose users stay, opens again. Where not all can, those that
 * do are first: until the rest has closed, all are there. */
static double end_together(struct population *p, double count)
{
	double ended = fmax(0, count - p->early);
	p->early = fmax(0, p->early - count);
	if (p->by_rate) {
		close_at_once(p, ended);
		return 0;
	}
	double again = fmin(ended, p->allowed);
	close_at_once(p, again);
	p->rest += ended - again;
	return open_at_once(p, again);
}

/* Does what opened at one time end at one time? */
static bool has_echo(const struct population *p)
{
	return !p->smooth && !p->exponential && p->life > 0;
}

/* Rounding cannot tell this from now. */
static double soon(const struct population *p)
{
	return p->t + tiny * fmax(1e-3, p->t);
}

static double next_piece(const struct population *p)
{
	if (p->begun == p->piece_count)
		return INFINITY;
	return p->pieces[p->begun].t;
}

/* When the openings of another point begin to end. */
static double next_end(const struct population *p)
{
	const struct timeline *timeline = p->timeline;
	if (p->ended == timeline->count)
		return INFINITY;
	return timeline->points[p->ended].t + p->life;
}

/* All that happens at once at this second. Returns what opened at once. */
static double happen(struct population *p)
{
	double jump = 0;
	double now = soon(p);
	close_at_once(p, p->rest);
	p->rest = 0;
	while (next_piece(p) <= now) {
		p->begun++;
		if (!p->by_rate)
			jump += go_to(p, piece_now(p)->value);
	}
	while (has_echo(p) && next_end(p) <= now) {
		jump += end_together(p, p->jumps[p->ended]);
		p->ended++;
	}
	return jump;
}

/* Closings per second of lifetimes that end now, as if lifetimes were spread: of what was live half
 * a lifetime ago. With exponential ones: of what is live. */
static struct flow natural_spread(const struct population *p)
{
	double at = p->t - p->life / 2;
	struct flow flow = {.rate = p->prior};
	for (size_t i = p->begun; i-- > 0;) {
		const struct piece *piece = &p->pieces[i];
		if (piece->t > at * (1 + tiny))
			continue;
		flow.rate = value_at(piece, at) / p->life;
		flow.slope = piece->slope / p->life;
		break;
	}
	return flow;
}

/* Closings per second of lifetimes that end now: what opened a lifetime ago. */
static struct flow natural_fixed(const struct population *p)
{
	struct flow flow = {.rate = p->prior};
	if (p->ended == 0)
		return flow;
	const struct timeline_point *point = &p->timeline->points[p->ended - 1];
	double dt = p->t - p->life - point->t;
	flow.slope = point->opens.slope;
	flow.rate = point->opens.rate + flow.slope * dt;
	return flow;
}

static struct flow natural(const struct population *p)
{
	if (isinf(p->life))
		return (struct flow){0};
	if (p->smooth && !p->by_rate)
		return natural_spread(p);
	return natural_fixed(p);
}

static double amount(const struct flow *flow, double dt)
{
	return dt * (flow->rate + flow->slope * dt / 2);
}

static void set_flow(struct flow *flow, double rate, double slope)
{
	flow->rate = rate;
	flow->slope = slope;
}

/* Do at least as many connections end as users leave, now and next? */
static bool enough_end(const struct flow *ending, double slope)
{
	double open = ending->rate + slope;
	double scale = fabs(ending->rate) + fabs(slope);
	if (nearly(open, 0, scale))
		return ending->slope >= 0;
	return open > 0;
}

/* Users who reconnect: so many open as end, and those who join. */
static void flow_of_users(struct population *p, const struct flow *ending)
{
	double slope = piece_now(p)->slope;
	double open = fmax(0, ending->rate + slope);
	p->forced = p->early > 0 || !enough_end(ending, slope);
	set_flow(&p->closes, ending->rate, ending->slope);
	if (is_spent(p)) {
		p->forced = p->early > 0;
		set_flow(&p->opens, 0, 0);
		if (p->forced)
			set_flow(&p->closes, 0, 0); /* those that end now were closed before */
	} else if (p->forced) {
		set_flow(&p->opens, fmax(0, slope), 0);
		set_flow(&p->closes, fmax(0, -slope), 0);
	} else {
		set_flow(&p->opens, open, ending->slope);
	}
}

/* Users who come, open one connection and go. */
static void flow_of_rate(struct population *p, const struct flow *ending)
{
	const struct piece *piece = piece_now(p);
	set_flow(&p->closes, ending->rate, ending->slope);
	set_flow(&p->opens, value_at(piece, p->t), piece->slope);
	if (is_spent(p))
		set_flow(&p->opens, 0, 0);
	if (p->life <= 0)
		set_flow(&p->closes, p->opens.rate, p->opens.slope);
}

/* The number of live connections nears a line, at which as many end as come. Until it is there,
 * steps are short, and the closings such that each step ends as the exponential does. */
static void step_of_exponential(struct population *p)
{
	const struct flow *opens = &p->opens;
	double life = p->life, h = p->step;
	double line_slope = opens->slope * life;
	double line = (opens->rate - line_slope) * life;
	double off = p->live - line;
	if (fabs(off) <= 1e-6 * fmax(1, fabs(line))) {
		p->step = INFINITY;
		set_flow(&p->closes, opens->rate - line_slope, opens->slope);
		return;
	}
	double live = line + line_slope * h + off * exp(-h / life);
	double closed = amount(opens, h) - (live - p->live);
	double rate = p->closes.rate;
	p->closes.slope = 2 * (closed / h - rate) / h;
}

/* Exponential lifetimes end at live ÷ lifetime. */
static void flow_of_exponential(struct population *p)
{
	struct flow ending = {.rate = p->live / p->life};
	if (p->by_rate || is_spent(p)) {
		flow_of_rate(p, &ending);
		step_of_exponential(p);
		return;
	}
	ending.slope = piece_now(p)->slope / p->life;
	p->step = INFINITY;
	flow_of_users(p, &ending);
}

/* Do connections end, and not at once? */
static bool has_life(const struct population *p)
{
	return p->life > 0 && isfinite(p->life);
}

static void set_flows(struct population *p)
{
	const struct flow ending = natural(p);
	if (p->exponential && has_life(p))
		flow_of_exponential(p);
	else if (p->by_rate)
		flow_of_rate(p, &ending);
	else
		flow_of_users(p, &ending);
}

static bool same_flow(const struct flow *before, double dt, const struct flow *now)
{
	double rate = before->rate + before->slope * dt;
	return nearly(rate, now->rate, now->rate) && nearly(before->slope, now->slope, now->rate);
}

/* Does the course go on as after the last point? */
static bool goes_on(const struct population *p)
{
	const struct timeline *timeline = p->timeline;
	const struct timeline_point *last = &timeline->points[timeline->count - 1];
	double dt = p->t - last->t;
	return same_flow(&last->opens, dt, &p->opens) && same_flow(&last->closes, dt, &p->closes);
}

static void add_point(struct population *p, double jump, double jumped)
{
	struct timeline *timeline = p->timeline;
	size_t at = timeline->count;
	if (at > 0 && jumped == 0 && goes_on(p))
		return;
	p->jumps = arena_grow(p->arena, p->jumps, at, &p->jump_capacity, sizeof jump);
	timeline->points =
			arena_grow(p->arena, timeline->points, at, &p->capacity, sizeof *timeline->points);
	p->jumps[at] = jump;
	if (at == 0 && p->prior > 0)
		p->jumps[0] = 0; /* their lifetimes end one after the other */
	timeline->points[at] = (struct timeline_point){
			.t = p->t,
			.live = p->live,
			.opens = p->opens,
			.closes = p->closes,
			.jump = jumped > 0,
	};
	timeline->count++;
}

static double positive_or_never(double t)
{
	if (t > 0)
		return t;
	return INFINITY;
}

/* The first positive time at which start + rate × t + slope × t² ÷ 2 is 0; INFINITY: never. */
static double root(double start, double rate, double slope)
{
	if (fabs(slope) <= tiny * fabs(rate))
		return positive_or_never(-start / rate);
	double inside = rate * rate - 2 * slope * start;
	if (inside < 0)
		return INFINITY;
	double side = -(rate + copysign(sqrt(inside), rate));
	double one = positive_or_never(side / slope);
	double other = positive_or_never(2 * start / side);
	return fmin(one, other);
}

/* The earlier of two times from now. What is nearer than rounding allows is now. */
static double earlier(const struct population *p, double at, double t)
{
	if (p->t + t > soon(p) && t < at)
		return t;
	return at;
}

/* Seconds until lifetimes end at another rate. */
static double until_ends_change(const struct population *p)
{
	double next = INFINITY;
	if (has_echo(p))
		return next_end(p) - p->t;
	for (size_t i = p->begun; p->smooth && i-- > 0;) {
		double until = p->pieces[i].t + p->life / 2 - p->t;
		if (until <= tiny * p->t)
			break;
		next = until;
	}
	return next;
}

/* Seconds until users stop leaving faster than their connections end, or begin to. */
static double until_users_change(const struct population *p)
{
	if (p->by_rate || (is_spent(p) && !p->forced))
		return INFINITY;
	if (!p->forced)
		return root(p->opens.rate, p->opens.slope, 0);
	if (p->exponential)
		return INFINITY;
	const struct flow ending = natural(p);
	return root(p->early, p->closes.rate - ending.rate, -ending.slope);
}

static double until_next(const struct population *p)
{
	const struct flow *opens = &p->opens;
	double next = earlier(p, INFINITY, until_ends_change(p));
	if (p->rest > 0)
		next = earlier(p, next, instant * fmax(1, p->t));
	next = earlier(p, next, next_piece(p) - p->t);
	if (isfinite(p->allowed) && !is_spent(p))
		next = earlier(p, next, root(-p->allowed, opens->rate, opens->slope));
	if (p->exponential)
		next = earlier(p, next, p->step);
	return earlier(p, next, until_users_change(p));
}

/* What rounding left of nothing. */
static double none_if_tiny(double number, double of)
{
	if (number <= tiny * of)
		return 0;
	return number;
}

/* Users who leave faster than their connections end close those early that would have ended. */
static void advance_early(struct population *p, double closed, double dt)
{
	const struct flow ending = natural(p);
	if (!p->forced || p->exponential)
		return;
	p->early += closed - amount(&ending, dt);
	p->early = none_if_tiny(p->early, p->opens.total);
}

static void advance(struct population *p, double dt)
{
	double opened = amount(&p->opens, dt);
	double closed = amount(&p->closes, dt);
	double of = fmax(p->live, opened);
	advance_early(p, closed, dt);
	p->opens.total += opened;
	p->closes.total += closed;
	p->allowed -= opened;
	if (p->allowed <= 1e-9 * p->opens.total)
		p->allowed = 0;
	p->live = none_if_tiny(p->live + opened - closed, of);
	p->t += dt;
	p->step *= 1.25;
	if (!p->by_rate && !is_spent(p))
		p->live = value_at(piece_now(p), p->t);
}

/* A stage, or the end of the openings, starts the steps of exponential lifetimes anew. */
static void restart_steps(struct population *p, size_t begun, bool spent)
{
	if (p->begun != begun || is_spent(p) != spent || isinf(p->step))
		p->step = p->life / 8;
}

/* Connections that open together end together. Where their lifetimes are taken as spread from now
 * on, the last waves are ahead of that by half of themselves, or have to catch up. */
static double ahead_of_spread(const struct population *p)
{
	double ahead = 0;
	for (size_t i = p->ended; i < p->timeline->count; i++) {
		double age = (p->t - p->timeline->points[i].t) / p->life;
		ahead += p->jumps[i] * (0.5 - age);
	}
	return fmax(0, ahead);
}

/* Nothing new will happen: the plan goes on as it is, in waves that all have been seen. Timers may
 * still run. */
static bool has_settled(const struct population *p)
{
	const struct piece *last = &p->pieces[p->piece_count - 1];
	return p->begun == p->piece_count && last->slope == 0;
}

static void stop_following(struct population *p)
{
	size_t most = EVENTS_LEAST;
	if (2 * p->piece_count < EVENTS_MAX - EVENTS_LEAST)
		most = EVENTS_MAX - 2 * p->piece_count;
	bool many = p->events++ > most;
	if (p->by_rate || p->exponential || p->smooth || isinf(p->life))
		return;
	bool settled = p->t >= p->settle && isinf(p->timeline->end_s);
	if (!many && !settled)
		return;
	p->smooth = true;
	p->early += ahead_of_spread(p);
	if (has_settled(p))
		p->timeline->settled_s = fmax(p->t, p->settle);
}

/* The last connection of all has been opened and has ended. */
static void end_if_spent(struct population *p)
{
	struct timeline *timeline = p->timeline;
	bool over = is_spent(p) && p->live <= 0;
	if (over)
		timeline->end_s = fmin(timeline->end_s, p->t);
}

static void population_run(struct population *p)
{
	double next = 0;
	p->step = INFINITY;
	(void)open_at_once(p, p->first);
	while (isfinite(next) && p->t <= p->timeline->end_s) {
		size_t begun = p->begun;
		bool spent = is_spent(p);
		double before = p->opens.total + p->closes.total;
		double jump = happen(p);
		double after = p->opens.total + p->closes.total;
		restart_steps(p, begun, spent);
		stop_following(p);
		set_flows(p);
		add_point(p, jump, after - before);
		next = until_next(p);
		if (isfinite(next))
			advance(p, next);
	}
	end_if_spent(p);
}

/* Of two jumps at one second each happens: the second one a nanosecond later. */
static void say(struct population *p, double t, double value, double slope)
{
	double last = -1;
	if (p->piece_count > 0)
		last = p->pieces[p->piece_count - 1].t;
	if (t <= last)
		t = last + instant * fmax(1, last);
	p->pieces =
			arena_grow(p->arena, p->pieces, p->piece_count, &p->piece_capacity, sizeof *p->pieces);
	p->pieces[p->piece_count++] = (struct piece){t, value, slope};
}

/* A stage ramps from the value before it; of 0 seconds, it jumps. The last value stays. */
static void say_stages(struct population *p, const struct workload *workload)
{
	double t = 0, value = 0;
	for (size_t i = 0; i < workload->stage_count; i++) {
		const struct workload_stage *stage = &workload->stages[i];
		double to = stage->connections;
		if (isnan(to))
			to = stage->open_rate_per_s;
		if (stage->duration_s > 0)
			say(p, t, value, (to - value) / stage->duration_s);
		else
			say(p, t, to, 0);
		t += stage->duration_s;
		value = to;
	}
	if (workload->stages[workload->stage_count - 1].duration_s > 0)
		say(p, t, value, 0);
}

static void say_ramp(struct population *p, double live, double ramp)
{
	say(p, 0, 0, ramp);
	say(p, live / ramp, live, 0);
}

static bool starts(const struct workload *workload, const char *how)
{
	const char *start = workload->values[W_START].text;
	return start && strcmp(start, how) == 0;
}

/* A number of the plan that may not be there. */
static double number_or(const struct workload *workload,
		enum workload_field field,
		double otherwise)
{
	const struct workload_value *value = &workload->values[field];
	if (!value->set)
		return otherwise;
	return value->number;
}

/* So many connections per second, each open for its lifetime. */
static void say_rate(struct population *p, double rate)
{
	p->by_rate = true;
	say(p, 0, rate, 0);
}

/* Lifetimes of what is open from the start, as far as the plan opens it, are spread. */
static void spread_first(struct population *p, double live)
{
	p->prior = fmin(live, p->allowed) / p->life;
}

/* So many connections, whose lifetimes are spread from the start or end together. */
static void say_users(struct population *p, double live, bool steady)
{
	say(p, 0, live, 0);
	if (steady && has_life(p))
		spread_first(p, live);
}

/* The first stage is under way when the plan starts. */
static void say_steady_stage(struct population *p)
{
	double live = p->pieces[0].value;
	if (!has_life(p))
		return;
	if (p->by_rate) {
		live *= p->life;
		p->first = live;
	}
	spread_first(p, live);
}

static void say_plan(struct population *p, const struct workload *w)
{
	double live = w->values[W_CONNECTIONS].number;
	double rate = w->values[W_OPEN_RATE].number;
	double ramp = number_or(w, W_RAMP_RATE, 0);
	p->life = w->values[W_LIFETIME].number;
	bool empty = starts(w, "empty") || live <= 0 || p->life <= 0;
	if (w->stage_count) {
		p->by_rate = isnan(w->stages[0].connections);
		say_stages(p, w);
		if (starts(w, "steady"))
			say_steady_stage(p);
	} else if (ramp > 0 && live > 0) {
		say_ramp(p, live, ramp);
	} else if (empty) {
		say_rate(p, rate);
	} else {
		say_users(p, live, !starts(w, "together"));
	}
}

/* The other side of a proxy, where the plan says more of it than that it is as this one. */
static void say_upstream(struct population *p, const struct workload *w)
{
	double live = w->values[W_UP_CONNECTIONS].number;
	double rate = w->values[W_UP_OPEN_RATE].number;
	p->allowed = INFINITY;
	p->life = INFINITY;
	if (rate > 0)
		p->life = live / rate;
	if (live > 0)
		say_users(p, live, true);
	else
		say_rate(p, rate);
}

/* One upstream connection for each connection of a client. */
static bool upstream_follows(const struct workload *w)
{
	const struct workload_value *values = w->values;
	bool assumed = values[W_UP_CONNECTIONS].assumed && values[W_UP_OPEN_RATE].assumed;
	return w->stage_count > 0 || assumed;
}

double population_end_s(const struct workload *workload)
{
	double end = number_or(workload, W_DURATION, INFINITY);
	return fmin(end, number_or(workload, W_TIMEOUT, INFINITY));
}

struct timeline timeline_build_until(struct arena *arena,
		const struct workload *workload,
		bool upstream,
		double follow_s)
{
	struct timeline timeline = {
			.staged = workload->stage_count > 0,
			.end_s = population_end_s(workload),
			.settled_s = INFINITY,
	};
	const char *spread = workload->values[W_LIFETIME_SPREAD].text;
	struct population p = {
			.arena = arena,
			.timeline = &timeline,
			.allowed = number_or(workload, W_OPENS_TOTAL, INFINITY),
			.exponential = spread && strcmp(spread, "exponential") == 0,
	};
	if (upstream && !upstream_follows(workload))
		say_upstream(&p, workload);
	else
		say_plan(&p, workload);
	timeline.said_s = p.pieces[p.piece_count - 1].t;
	p.settle = fmax(timeline.said_s + 2 * p.life + settling_s, follow_s);
	timeline.follow_s = p.settle;
	population_run(&p);
	return timeline;
}

struct timeline timeline_build(struct arena *arena, const struct workload *workload, bool upstream)
{
	return timeline_build_until(arena, workload, upstream, 0);
}
