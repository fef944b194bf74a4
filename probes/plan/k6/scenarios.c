/* k6's executors as VUs over time: piecewise linear per scenario, then summed.
 * Sources: k6 2.2.0, in lib/executor/: constant_vus, ramping_vus, constant_arrival_rate,
 * ramping_arrival_rate, per_vu_iterations, shared_iterations, externally_controlled (.go each), and
 * execution_config_shortcuts.go. */
#include "probes/plan/k6/scenarios.h"

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

struct k6_curve {
	const struct tree_node *node;
	struct point vus[POINTS_MAX]; /* ascending in t; 0 before and after */
	size_t count;
	double end_s;
};

struct reader {
	const struct document *document;
	struct k6_load *load;
	struct error *err;
	struct k6_scenario *scenario;
	struct k6_curve *curve;
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
	struct k6_curve *s = r->curve;
	if (s->count < POINTS_MAX) {
		s->vus[s->count++] = (struct point){r->start_s + t, value};
	}
	s->end_s = fmax(s->end_s, r->start_s + t);
}

static void flat(struct reader *r, double duration_s, double vus)
{
	k6_scenarios_add(r, 0, vus);
	k6_scenarios_add(r, duration_s + r->graceful_s, vus);
}

static bool read_constant_vus(struct reader *r, const struct tree_node *node)
{
	double vus = 1;
	double duration = 0;
	if (!k6_scenarios_count(r, node, "vus", &vus) ||
			!k6_scenarios_seconds(r, node, "duration", &duration)) {
		return false;
	}
	flat(r, duration, vus);
	return true;
}

static bool read_iterations(struct reader *r, const struct tree_node *node)
{
	double vus = 1;
	double duration = 600;
	if (!k6_scenarios_count(r, node, "vus", &vus) ||
			!k6_scenarios_seconds(r, node, "maxDuration", &duration)) {
		return false;
	}
	flat(r, duration, vus);
	r->scenario->iterations = vus; /* a shortcut with vus alone: one each */
	return k6_scenarios_count(r, node, "iterations", &r->scenario->iterations);
}

static bool read_iterations_of_each(struct reader *r, const struct tree_node *node)
{
	double each = 1;
	if (!read_iterations(r, node) || !k6_scenarios_count(r, node, "iterations", &each)) {
		return false;
	}
	r->scenario->iterations = each * r->curve->vus[0].value;
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
	if (stages && stages->kind != TREE_SEQUENCE) {
		return document_error(r->document, stages, r->err, "stages must be a list");
	}
	if (draw) {
		k6_scenarios_add(r, 0, from);
	}
	const struct tree_node *at = NULL;
	if (stages) {
		at = stages->child;
	}
	for (; at; at = at->next) {
		double target = 0;
		double length = 0;
		if (!k6_scenarios_count(r, at, "target", &target) ||
				!k6_scenarios_seconds(r, at, "duration", &length)) {
			return false;
		}
		t += length;
		*ret_high = fmax(*ret_high, target);
		if (draw && r->curve->count >= POINTS_MAX - 2) {
			return document_error(r->document, at, r->err, "more than %d stages", POINTS_MAX - 3);
		}
		if (draw) {
			k6_scenarios_add(r, t, target);
		}
	}
	*ret_s = t;
	return true;
}

static bool read_ramping_vus(struct reader *r, const struct tree_node *node)
{
	double start = 1, high = 0, length = 0, ramp_down = 30;
	/* As a shortcut it starts with vus; a scenario has no such member. */
	if (!k6_scenarios_count(r, node, "vus", &start) ||
			!k6_scenarios_count(r, node, "startVUs", &start) ||
			!k6_scenarios_seconds(r, node, "gracefulRampDown", &ramp_down) ||
			!k6_scenarios_read_stages(r, node, start, true, &high, &length)) {
		return false;
	}
	struct k6_curve *s = r->curve;
	k6_scenarios_add(r, length + fmax(ramp_down, r->graceful_s), s->vus[s->count - 1].value);
	return true;
}

/* From preAllocatedVUs up to maxVUs, as iterations take longer. */
static bool arrival_vus(struct reader *r, const struct tree_node *node, double duration_s)
{
	double ready = NAN;
	double most = NAN;
	if (!k6_scenarios_count(r, node, "preAllocatedVUs", &ready) ||
			!k6_scenarios_count(r, node, "maxVUs", &most)) {
		return false;
	}
	if (isnan(ready) && isnan(most)) {
		return document_error(r->document,
				node,
				r->err,
				"an arrival-rate scenario without preAllocatedVUs");
	}
	flat(r, duration_s, fmax(ready, most)); /* which is the other one where one is NAN */
	r->load->arrival_rate = true;
	return true;
}

static bool read_constant_arrivals(struct reader *r, const struct tree_node *node)
{
	double rate = 0, unit = 1, duration = 0;
	if (!k6_scenarios_count(r, node, "rate", &rate) ||
			!k6_scenarios_seconds(r, node, "timeUnit", &unit) ||
			!k6_scenarios_seconds(r, node, "duration", &duration) ||
			!arrival_vus(r, node, duration)) {
		return false;
	}
	r->scenario->rate_per_s = 0;
	if (unit > 0) {
		r->scenario->rate_per_s = rate / unit;
	}
	return true;
}

static bool read_ramping_arrivals(struct reader *r, const struct tree_node *node)
{
	double start = 0, unit = 1, high = 0, length = 0;
	if (!k6_scenarios_count(r, node, "startRate", &start) ||
			!k6_scenarios_seconds(r, node, "timeUnit", &unit) ||
			!k6_scenarios_read_stages(r, node, start, false, &high, &length) ||
			!arrival_vus(r, node, length)) {
		return false;
	}
	r->scenario->rate_per_s = 0;
	if (unit > 0) {
		r->scenario->rate_per_s = high / unit;
	}
	return true;
}

static bool read_external(struct reader *r, const struct tree_node *node)
{
	double vus = 0, most = 0, duration = 0;
	if (!k6_scenarios_count(r, node, "vus", &vus) ||
			!k6_scenarios_count(r, node, "maxVUs", &most) ||
			!k6_scenarios_seconds(r, node, "duration", &duration)) {
		return false;
	}
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
		{"per-vu-iterations", read_iterations_of_each},
		{"shared-iterations", read_iterations},
		{"externally-controlled", read_external},
};

/* The next scenario, without a VU yet. */
static void begin_scenario(struct reader *r, const struct tree_node *node, const char *name)
{
	struct k6_scenario *scenario = &r->load->scenarios[r->load->scenario_count++];
	const char *exec = tree_text(node, "exec");
	const struct tree_node *options = tree_child(node, "options");
	*scenario = (struct k6_scenario){.name = name, .exec = "default", .rate_per_s = NAN};
	scenario->iterations = NAN;
	if (exec) {
		scenario->exec = exec;
	}
	scenario->browser = options && tree_child(options, "browser");
	scenario->curve = arena_alloc(r->document->arena, sizeof *scenario->curve);
	scenario->curve->node = node;
	r->scenario = scenario;
	r->curve = scenario->curve;
	r->start_s = 0;
	r->graceful_s = 30;
}

static bool read_scenario(struct reader *r,
		const struct tree_node *node,
		const char *name,
		const char *executor)
{
	begin_scenario(r, node, name);
	if (!k6_scenarios_seconds(r, node, "startTime", &r->start_s) ||
			!k6_scenarios_seconds(r, node, "gracefulStop", &r->graceful_s)) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(executors); i++) {
		if (strcmp(executors[i].name, executor) == 0) {
			return executors[i].read(r, node);
		}
	}
	return document_error(r->document, node, r->err, "k6 has no executor \"%.40s\"", executor);
}

/* vus, duration, iterations, stages at the top: one scenario (execution_config_shortcuts.go). */
static const char *shortcut(const struct tree_node *options)
{
	if (tree_child(options, "iterations")) {
		return "shared-iterations";
	}
	if (tree_child(options, "duration")) {
		return "constant-vus";
	}
	if (tree_child(options, "stages")) {
		return "ramping-vus";
	}
	if (tree_child(options, "vus")) {
		return "shared-iterations";
	}
	return "per-vu-iterations";
}

static bool k6_scenarios_read_all(struct reader *r, const struct tree_node *options)
{
	const struct tree_node *list = tree_child(options, "scenarios");
	if (!list || !list->child) {
		return read_scenario(r, options, "default", shortcut(options));
	}
	for (const struct tree_node *at = list->child; at; at = at->next) {
		const char *executor = tree_text(at, "executor");
		if (!executor) {
			return document_error(r->document,
					at,
					r->err,
					"the scenario \"%.60s\" has no executor",
					at->name);
		}
		if (r->load->scenario_count == K6_SCENARIOS_MAX) {
			return document_error(r->document,
					at,
					r->err,
					"more than %d scenarios",
					K6_SCENARIOS_MAX);
		}
		if (!read_scenario(r, at, at->name, executor)) {
			return false;
		}
	}
	return true;
}

/* Just before t (after = false) or from t on. */
static double k6_value_at(const struct k6_curve *s, double t, bool after)
{
	size_t next = 0;
	while (next < s->count) {
		double there = s->vus[next].t;
		bool passed = there < t || (after && there <= t);
		if (!passed) {
			break;
		}
		next++;
	}
	if (next == 0 || next == s->count) {
		return 0;
	}
	const struct point *a = &s->vus[next - 1], *b = &s->vus[next];
	double share = (t - a->t) / (b->t - a->t);
	return a->value + (b->value - a->value) * share;
}

/* All sockets just before t, or from t on: each group's VUs never get fewer. */
static double sockets_at(struct k6_load *load,
		struct k6_group *groups,
		size_t count,
		double t,
		bool after)
{
	double values[K6_SCENARIOS_MAX], sum = 0;
	for (size_t i = 0; i < load->scenario_count; i++) {
		values[i] = k6_value_at(load->scenarios[i].curve, t, after);
	}
	for (size_t g = 0; g < count; g++) {
		double here = 0;
		for (size_t i = 0; i < load->scenario_count; i++) {
			if (groups[g].in[i]) {
				here += values[i];
			}
		}
		groups[g].high = fmax(groups[g].high, here);
		sum += groups[g].high * groups[g].sockets;
	}
	return sum;
}

static size_t k6_find_borders(const struct k6_load *load, double borders[BORDERS_MAX])
{
	size_t found = 0;
	for (size_t i = 0; i < load->scenario_count; i++) {
		const struct k6_curve *curve = load->scenarios[i].curve;
		for (size_t j = 0; j < curve->count && found < BORDERS_MAX; j++) {
			borders[found++] = curve->vus[j].t;
		}
	}
	sort_numbers(borders, found);
	return found;
}

static void k6_add_step(struct k6_load *load, double duration_s, double value)
{
	load->steps[load->step_count].duration_s = duration_s;
	load->steps[load->step_count].value = value;
	load->step_count++;
}

void k6_load_draw(struct k6_load *load, struct k6_group *groups, size_t count)
{
	double borders[BORDERS_MAX] = {0}, peak = 0, before = 0;
	size_t found = k6_find_borders(load, borders);
	bool full = found == BORDERS_MAX;
	load->step_count = 0;
	for (size_t g = 0; g < count; g++) {
		groups[g].high = 0;
	}
	for (size_t i = 0; i < found; i++) {
		if (i && borders[i] <= borders[i - 1]) {
			continue;
		}
		double left = sockets_at(load, groups, count, borders[i], false);
		double right = sockets_at(load, groups, count, borders[i], true);
		full |= load->step_count + 2 > K6_STEPS_MAX;
		if (!full && borders[i] > before) {
			k6_add_step(load, borders[i] - before, left);
		}
		if (!full && right > left) {
			k6_add_step(load, 0, right);
		}
		peak = right;
		before = borders[i];
	}
	load->peak = peak;
	if (full) {
		load->step_count = 0;
	}
}

static void k6_scenarios_sum_up(const struct document *document, struct k6_load *load)
{
	double most = -1;
	load->iterations_per_s = 0;
	for (size_t i = 0; i < load->scenario_count; i++) {
		struct k6_scenario *scenario = &load->scenarios[i];
		const struct k6_curve *curve = scenario->curve;
		for (size_t j = 0; j < curve->count; j++) {
			scenario->vus_max = fmax(scenario->vus_max, curve->vus[j].value);
		}
		if (scenario->vus_max > most) {
			load->from = document_where(document, curve->node);
		}
		most = fmax(most, scenario->vus_max);
		load->iterations_per_s += scenario->rate_per_s; /* NAN stays */
		load->duration_s = fmax(load->duration_s, curve->end_s);
	}
	struct k6_group *all = arena_alloc(document->arena, sizeof *all);
	all->sockets = 1;
	for (size_t i = 0; i < load->scenario_count; i++) {
		all->in[i] = true;
	}
	k6_load_draw(load, all, 1);
	load->vus_max = load->peak;
}

bool k6_load_read(const struct document *document,
		const struct tree_node *options,
		struct k6_load *ret,
		struct error *err)
{
	struct reader reader = {.document = document, .load = ret, .err = err};
	*ret = (struct k6_load){0};
	ret->scenarios = arena_alloc(document->arena, K6_SCENARIOS_MAX * sizeof *ret->scenarios);
	if (!k6_scenarios_read_all(&reader, options)) {
		return false;
	}
	k6_scenarios_sum_up(document, ret);
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
