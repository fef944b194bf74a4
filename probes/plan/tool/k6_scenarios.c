/* k6's executors as VUs over time: piecewise linear per scenario, then summed.
 * Sources: k6 2.2.0, in lib/executor/: constant_vus, ramping_vus, constant_arrival_rate,
 * ramping_arrival_rate, per_vu_iterations, shared_iterations, externally_controlled (.go each), and
 * execution_config_shortcuts.go. */
#include "probes/plan/tool/k6_scenarios.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/sort.h"

enum {
	POINTS_MAX = 220,
	BORDERS_MAX = 2 * K6_STEPS_MAX
};

struct point {
	double t, value; /* two points at the same t are a jump */
};

struct scenario {
	const struct tree_node *node;
	struct point vus[POINTS_MAX]; /* ascending in t; 0 before and after */
	size_t count;
	double rate_per_s; /* highest; NAN: no arrival rate */
	double end_s;
};

struct reader {
	const struct document *document;
	struct k6_load *load;
	struct error *err;
	struct scenario *scenario;
	double start_s, graceful_s;
};

static bool k6_scenarios_seconds(struct reader *r,
		const struct tree_node *node,
		const char *name,
		double *ret)
{
	return document_number(r->document, node, name, &quantity_k6_duration, ret, r->err);
}

static bool k6_scenarios_count(struct reader *r,
		const struct tree_node *node,
		const char *name,
		double *ret)
{
	return document_number(r->document, node, name, &quantity_decimal, ret, r->err);
}

static void k6_scenarios_add(struct reader *r, double t, double value)
{
	struct scenario *s = r->scenario;
	if (s->count < POINTS_MAX)
		s->vus[s->count++] = (struct point){r->start_s + t, value};
	s->end_s = fmax(s->end_s, r->start_s + t);
}

static void flat(struct reader *r, double duration_s, double vus)
{
	k6_scenarios_add(r, 0, vus);
	k6_scenarios_add(r, duration_s + r->graceful_s, vus);
}

static bool read_constant_vus(struct reader *r, const struct tree_node *node)
{
	double vus = 1, duration = 0;
	if (!k6_scenarios_count(r, node, "vus", &vus) ||
			!k6_scenarios_seconds(r, node, "duration", &duration))
		return false;
	flat(r, duration, vus);
	return true;
}

static bool read_iterations(struct reader *r, const struct tree_node *node)
{
	double vus = 1, duration = 600;
	if (!k6_scenarios_count(r, node, "vus", &vus) ||
			!k6_scenarios_seconds(r, node, "maxDuration", &duration))
		return false;
	flat(r, duration, vus);
	return true;
}

/* The highest target of a list of stages and their length; with `draw`, their points. */
static bool k6_scenarios_read_stages(struct reader *r,
		const struct tree_node *node,
		double from,
		bool draw,
		double *ret_high,
		double *ret_s)
{
	const struct tree_node *stages = tree_child(node, "stages");
	double t = 0;
	*ret_high = from;
	if (stages && stages->kind != TREE_SEQUENCE)
		return document_error(r->document, stages, r->err, "stages must be a list");
	if (draw)
		k6_scenarios_add(r, 0, from);
	for (const struct tree_node *at = stages ? stages->child : NULL; at; at = at->next) {
		double target = 0, length = 0;
		if (!k6_scenarios_count(r, at, "target", &target) ||
				!k6_scenarios_seconds(r, at, "duration", &length))
			return false;
		t += length;
		*ret_high = fmax(*ret_high, target);
		if (draw && r->scenario->count >= POINTS_MAX - 2)
			return document_error(r->document, at, r->err, "more than %d stages", POINTS_MAX - 3);
		if (draw)
			k6_scenarios_add(r, t, target);
	}
	*ret_s = t;
	return true;
}

static bool read_ramping_vus(struct reader *r, const struct tree_node *node)
{
	double start = 1, high = 0, length = 0, ramp_down = 30;
	if (!k6_scenarios_count(r, node, "startVUs", &start) ||
			!k6_scenarios_seconds(r, node, "gracefulRampDown", &ramp_down) ||
			!k6_scenarios_read_stages(r, node, start, true, &high, &length))
		return false;
	struct scenario *s = r->scenario;
	k6_scenarios_add(r, length + fmax(ramp_down, r->graceful_s), s->vus[s->count - 1].value);
	return true;
}

/* From preAllocatedVUs up to maxVUs, as iterations take longer. */
static bool arrival_vus(struct reader *r, const struct tree_node *node, double duration_s)
{
	double ready = NAN, most = NAN;
	if (!k6_scenarios_count(r, node, "preAllocatedVUs", &ready) ||
			!k6_scenarios_count(r, node, "maxVUs", &most))
		return false;
	if (isnan(ready) && isnan(most))
		return document_error(r->document,
				node,
				r->err,
				"an arrival-rate scenario without preAllocatedVUs");
	flat(r, duration_s, isnan(most) ? ready : isnan(ready) ? most : fmax(ready, most));
	r->load->arrival_rate = true;
	return true;
}

static bool read_constant_arrivals(struct reader *r, const struct tree_node *node)
{
	double rate = 0, unit = 1, duration = 0;
	if (!k6_scenarios_count(r, node, "rate", &rate) ||
			!k6_scenarios_seconds(r, node, "timeUnit", &unit) ||
			!k6_scenarios_seconds(r, node, "duration", &duration) ||
			!arrival_vus(r, node, duration))
		return false;
	r->scenario->rate_per_s = unit > 0 ? rate / unit : 0;
	return true;
}

static bool read_ramping_arrivals(struct reader *r, const struct tree_node *node)
{
	double start = 0, unit = 1, high = 0, length = 0;
	if (!k6_scenarios_count(r, node, "startRate", &start) ||
			!k6_scenarios_seconds(r, node, "timeUnit", &unit) ||
			!k6_scenarios_read_stages(r, node, start, false, &high, &length) ||
			!arrival_vus(r, node, length))
		return false;
	r->scenario->rate_per_s = unit > 0 ? high / unit : 0;
	return true;
}

static bool read_external(struct reader *r, const struct tree_node *node)
{
	double vus = 0, most = 0, duration = 0;
	if (!k6_scenarios_count(r, node, "vus", &vus) ||
			!k6_scenarios_count(r, node, "maxVUs", &most) ||
			!k6_scenarios_seconds(r, node, "duration", &duration))
		return false;
	flat(r, duration, fmax(vus, most));
	r->load->external = true;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct reader *reader, const struct tree_node *node);
} executors[] = {
		{"constant-vus", read_constant_vus},
		{"ramping-vus", read_ramping_vus},
		{"constant-arrival-rate", read_constant_arrivals},
		{"ramping-arrival-rate", read_ramping_arrivals},
		{"per-vu-iterations", read_iterations},
		{"shared-iterations", read_iterations},
		{"externally-controlled", read_external},
};

static bool read_scenario(struct reader *r, const struct tree_node *node, const char *executor)
{
	r->start_s = 0;
	r->graceful_s = 30;
	*r->scenario = (struct scenario){.node = node, .rate_per_s = NAN};
	if (!k6_scenarios_seconds(r, node, "startTime", &r->start_s) ||
			!k6_scenarios_seconds(r, node, "gracefulStop", &r->graceful_s))
		return false;
	for (size_t i = 0; i < COUNT_OF(executors); i++)
		if (strcmp(executors[i].name, executor) == 0)
			return executors[i].read(r, node);
	return document_error(r->document, node, r->err, "k6 has no executor \"%.40s\"", executor);
}

/* vus, duration, iterations, stages at the top: one scenario (execution_config_shortcuts.go). */
static const char *shortcut(const struct tree_node *options)
{
	if (tree_child(options, "iterations"))
		return "shared-iterations";
	if (tree_child(options, "duration"))
		return "constant-vus";
	if (tree_child(options, "stages"))
		return "ramping-vus";
	return tree_child(options, "vus") ? "shared-iterations" : "per-vu-iterations";
}

static bool k6_scenarios_read_all(struct reader *r,
		const struct tree_node *options,
		struct scenario *scenarios,
		size_t *ret_count)
{
	const struct tree_node *list = tree_child(options, "scenarios");
	*ret_count = 0;
	if (!list || !list->child) {
		r->scenario = &scenarios[(*ret_count)++];
		return read_scenario(r, options, shortcut(options));
	}
	for (const struct tree_node *at = list->child; at; at = at->next) {
		const char *executor = tree_text(at, "executor");
		if (!executor)
			return document_error(r->document,
					at,
					r->err,
					"the scenario \"%.60s\" has no executor",
					at->name);
		if (*ret_count == K6_SCENARIOS_MAX)
			return document_error(r->document,
					at,
					r->err,
					"more than %d scenarios",
					K6_SCENARIOS_MAX);
		r->scenario = &scenarios[(*ret_count)++];
		if (!read_scenario(r, at, executor))
			return false;
	}
	return true;
}

/* Just before t (after = false) or from t on. */
static double value_at(const struct scenario *s, double t, bool after)
{
	size_t next = 0;
	while (next < s->count && (after ? s->vus[next].t <= t : s->vus[next].t < t))
		next++;
	if (next == 0 || next == s->count)
		return 0;
	const struct point *a = &s->vus[next - 1], *b = &s->vus[next];
	return a->value + (b->value - a->value) * (t - a->t) / (b->t - a->t);
}

static double k6_scenarios_sum_at(const struct scenario *scenarios, size_t n, double t, bool after)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += value_at(&scenarios[i], t, after);
	return sum;
}

/* A VU keeps its sockets when it pauses (IdleConnTimeout 0), so the steps never fall. */
static void draw(struct k6_load *load, const struct scenario *scenarios, size_t n)
{
	double borders[BORDERS_MAX] = {0}, high = 0, before = 0;
	size_t found = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < scenarios[i].count && found < BORDERS_MAX; j++)
			borders[found++] = scenarios[i].vus[j].t;
	sort_numbers(borders, found);
	bool full = found == BORDERS_MAX;
	for (size_t i = 0; i < found; i++) {
		if (i && borders[i] <= borders[i - 1])
			continue;
		double left = k6_scenarios_sum_at(scenarios, n, borders[i], false),
			   right = k6_scenarios_sum_at(scenarios, n, borders[i], true);
		full |= load->step_count + 2 > K6_STEPS_MAX;
		high = fmax(high, left);
		if (!full && borders[i] > before)
			load->steps[load->step_count++] = (struct k6_step){borders[i] - before, high};
		if (!full && right > high)
			load->steps[load->step_count++] = (struct k6_step){0, right};
		high = fmax(high, right);
		before = borders[i];
	}
	load->vus_max = high;
	if (full)
		load->step_count = 0;
}

static void k6_scenarios_sum_up(const struct document *document,
		struct k6_load *load,
		const struct scenario *scenarios,
		size_t n)
{
	double most = -1;
	load->iterations_per_s = 0;
	for (size_t i = 0; i < n; i++) {
		double high = 0;
		for (size_t j = 0; j < scenarios[i].count; j++)
			high = fmax(high, scenarios[i].vus[j].value);
		if (high > most)
			load->from = document_where(document, scenarios[i].node);
		most = fmax(most, high);
		load->iterations_per_s += scenarios[i].rate_per_s; /* NAN stays */
		load->duration_s = fmax(load->duration_s, scenarios[i].end_s);
	}
	draw(load, scenarios, n);
}

bool k6_load_read(const struct document *document,
		const struct tree_node *options,
		struct k6_load *ret,
		struct error *err)
{
	struct scenario *scenarios = arena_alloc(document->arena, K6_SCENARIOS_MAX * sizeof *scenarios);
	struct reader reader = {.document = document, .load = ret, .err = err};
	size_t n;
	*ret = (struct k6_load){0};
	if (!k6_scenarios_read_all(&reader, options, scenarios, &n))
		return false;
	k6_scenarios_sum_up(document, ret, scenarios, n);
	return true;
}

bool k6_load_is_flat(const struct k6_load *load)
{
	return load->step_count < 2 || (load->step_count == 2 && load->steps[0].duration_s <= 0);
}

bool k6_load_starts_at_once(const struct k6_load *load)
{
	bool decided = load->step_count > 0 && !load->arrival_rate && !load->external;
	return decided && k6_load_is_flat(load);
}
