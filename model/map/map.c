/* Judges the loads of the grid. */
#include "model/map/map.h"

#include <math.h>

#include "model/change.h"
#include "model/load/courses.h"
#include "model/map/axis.h"

/* Connections and new ones per second: of one load, or of all. */
struct size_of {
	double connections, rate;
};

static struct size_of map_size(const struct loads *loads)
{
	struct size_of size = {0, 0};
	for (size_t i = 0; i < loads->count; i++) {
		const struct workload_value *values = loads->items[i].values;
		size.connections += values[W_CONNECTIONS].number;
		size.rate += values[W_OPEN_RATE].number;
	}
	return size;
}

/* How many times as much; of nothing, nothing. */
static double map_times(double now, double then)
{
	if (now > 0)
		return then / now;
	return 0;
}

/* The part of one load: each grows as the whole does. Where all connections stay, those that open
 * are divided as the connections are; the other way round where none stays. */
static struct size_of map_part_of(const struct size_of *own,
		const struct size_of *all,
		const struct size_of *wanted)
{
	struct size_of part = {
			.connections = own->connections * map_times(all->connections, wanted->connections),
			.rate = own->rate * map_times(all->rate, wanted->rate),
	};
	if (!(all->rate > 0))
		part.rate = wanted->rate * map_times(all->connections, own->connections);
	if (!(all->connections > 0))
		part.connections = wanted->connections * map_times(all->rate, own->rate);
	return part;
}

static void map_scale(struct workload *load, enum workload_field field, double by)
{
	load->values[field].number *= by;
}

/* A proxy's other side grows with this one. */
static void scale_upstream(struct workload *load,
		const struct size_of *own,
		const struct size_of *part)
{
	struct workload_value *rate = &load->values[W_UP_OPEN_RATE];
	double by = map_times(own->connections, part->connections);
	load->values[W_UP_CONNECTIONS].number *= by;
	if (own->rate > 0)
		rate->number *= map_times(own->rate, part->rate);
	else
		rate->number = part->rate *
				map_times(own->connections, load->values[W_UP_CONNECTIONS].number);
}

/* What the plan multiplies with its load, beside connections and what opens them. */
static void scale_rest(struct workload *load, double by)
{
	static const enum workload_field fields[] = {W_RAMP_RATE,
			W_BURST,
			W_REQUESTS,
			W_USERS,
			W_THREADS};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (workload_scales(load, fields[i]))
			map_scale(load, fields[i], by);
}

static void map_set_load(struct arena *arena,
		struct workload *load,
		const struct size_of *own,
		const struct size_of *part)
{
	struct workload_value *values = load->values;
	struct workload_value *start = &values[W_START];
	double by = map_times(own->connections, part->connections);
	if (!(own->connections > 0))
		by = map_times(own->rate, part->rate);
	scale_rest(load, by);
	scale_upstream(load, own, part);
	values[W_CONNECTIONS].number = part->connections;
	values[W_OPEN_RATE].number = part->rate;
	values[W_LIFETIME].number = INFINITY;
	if (part->rate > 0)
		values[W_LIFETIME].number = part->connections / part->rate;
	if (start->text && part->rate <= 0)
		start->text = "steady"; /* from nothing, and at no rate, none would ever open */
	workload_measure(arena, load);
}

/* The host of a state with another load. */
static struct state map_with_load(struct arena *arena,
		const struct state *state,
		const struct size_of *wanted)
{
	const struct size_of all = map_size(&state->loads);
	struct state cell = *state;
	bool same = wanted->connections == all.connections && wanted->rate == all.rate;
	if (same)
		return cell;
	cell.loads = loads_copy(arena, &state->loads);
	for (size_t i = 0; i < cell.loads.count; i++) {
		struct workload *load = &cell.loads.items[i];
		const struct loads alone = loads_of(load);
		const struct size_of own = map_size(&alone);
		const struct size_of part = map_part_of(&own, &all, wanted);
		map_set_load(arena, load, &own, &part);
	}
	loads_measure(arena, &cell.loads);
	cell.courses = courses_new(arena, &cell.loads);
	return cell;
}

/* What fails counts before what does not, then what is fuller. */
static bool map_is_fuller(const struct judgement *j, const struct judgement *than)
{
	if (isnan(j->utilization))
		return false;
	if (!than)
		return true;
	bool fails = j->status == STATUS_FAIL, fails_too = than->status == STATUS_FAIL;
	if (fails != fails_too)
		return fails;
	return j->utilization > than->utilization;
}

static enum verdict verdict_with(enum verdict verdict, enum status status)
{
	if (status == STATUS_FAIL)
		return VERDICT_FAIL;
	if (status == STATUS_UNKNOWN && verdict == VERDICT_PASS)
		return VERDICT_UNKNOWN;
	return verdict;
}

static struct map_cell map_cell_of(const struct map_question *q, const struct all_limits *limits)
{
	const struct judgement *fullest = NULL;
	struct map_cell cell = {.verdict = VERDICT_PASS, .use = NAN};
	if (q->too_old)
		cell.verdict = VERDICT_UNKNOWN;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j))
			continue;
		cell.verdict = verdict_with(cell.verdict, j->status);
		if (map_is_fuller(j, fullest))
			fullest = j;
	}
	if (fullest) {
		cell.rule = fullest->rule;
		cell.use = fullest->utilization;
	}
	return cell;
}

struct map_cell map_cell_at(const struct map_question *question,
		const struct state *state,
		double connections,
		double rate)
{
	struct arena *scratch = arena_new();
	const struct size_of wanted = {connections, rate};
	const struct state cell = map_with_load(scratch, state, &wanted);
	struct map_cell ret = {.verdict = VERDICT_UNKNOWN, .use = NAN};
	struct situation situation;
	struct all_limits limits;
	struct error ignored;
	if (state_judge(scratch,
				question->rules,
				&cell,
				question->options,
				false,
				&situation,
				&limits,
				&ignored))
		ret = map_cell_of(question, &limits);
	arena_free(scratch);
	return ret;
}

/* --- where the loads begin to fail: what the axes have to show --- */

enum {
	EDGE_STEPS = 9
};

static bool edge_passes(const struct map_question *q,
		const struct state *state,
		bool rates,
		double value,
		double other)
{
	struct map_cell cell;
	if (rates)
		cell = map_cell_at(q, state, other, value);
	else
		cell = map_cell_at(q, state, value, other);
	return cell.verdict != VERDICT_FAIL;
}

/* About the highest value that does not fail, the other number being `other`; 0: the least fails;
 * INFINITY: the most does not. */
static double map_edge(const struct map_question *q,
		const struct state *state,
		bool rates,
		double other)
{
	double low = 1, high = 1e7;
	if (!edge_passes(q, state, rates, low, other))
		return 0;
	if (edge_passes(q, state, rates, high, other))
		return INFINITY;
	for (int i = 0; i < EDGE_STEPS; i++) {
		double middle = sqrt(low * high);
		if (edge_passes(q, state, rates, middle, other))
			low = middle;
		else
			high = middle;
	}
	return low;
}

static struct axis_span map_span(const struct map_question *q, bool rates, double other)
{
	const struct size_of plan = map_size(&q->now->loads);
	struct axis_span span = {.plan = plan.connections, .least = 1, .usual = 1e5};
	if (rates)
		span = (struct axis_span){.plan = plan.rate, .least = 0.1, .usual = 1e4};
	span.now = map_edge(q, q->now, rates, other);
	span.after = NAN;
	if (q->no_plan)
		span.plan = NAN;
	if (q->after)
		span.after = map_edge(q, q->after, rates, other);
	return span;
}

static void set_axes(const struct map_question *q, struct map *map)
{
	const struct size_of plan = map_size(&q->now->loads);
	const double slow = 100;
	double rate = plan.rate / slow;
	if (q->no_plan)
		rate = 1;
	struct axis_span span = map_span(q, false, rate);
	map->column_count = axis_steps(&span, MAP_COLUMNS, map->connections, &map->plan_column);
	span = map_span(q, true, map->connections[0]);
	map->row_count = axis_steps(&span, MAP_ROWS, map->rates, &map->plan_row);
}

static const struct map_cell *judge_cells(struct arena *arena,
		const struct map_question *q,
		const struct state *state,
		const struct map *map)
{
	const size_t count = map->row_count * map->column_count;
	struct map_cell *cells = arena_alloc(arena, count * sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		double connections = map->connections[i % map->column_count];
		double rate = map->rates[i / map->column_count];
		cells[i] = map_cell_at(q, state, connections, rate);
	}
	return cells;
}

static const char *no_map(const struct loads *loads)
{
	for (size_t i = 0; i < loads->count; i++)
		if (loads->items[i].stage_count > 0)
			return "the plan has stages: its connections and its rate change over time";
	return NULL;
}

const struct map *map_of(struct arena *arena, const struct map_question *question)
{
	struct map *map = arena_alloc(arena, sizeof *map);
	*map = (struct map){.reason = no_map(&question->now->loads)};
	if (map->reason)
		return map;
	set_axes(question, map);
	map->now = judge_cells(arena, question, question->now, map);
	if (question->after)
		map->after = judge_cells(arena, question, question->after, map);
	return map;
}
