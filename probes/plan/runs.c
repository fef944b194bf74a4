/* Compares plans field by field. Judges none. */
#include "probes/plan/runs.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Where more asks for more of a host. Of all other fields two runs must say the same. */
static bool more_is_more(enum workload_field field)
{
	static const enum workload_field fields[] = {W_CONNECTIONS,
			W_OPEN_RATE,
			W_RAMP_RATE,
			W_BURST,
			W_OPENS_TOTAL,
			W_REQUESTS,
			W_THREADS,
			W_FDS_BASE,
			W_FDS_PER_CONNECTION,
			W_MEMORY_BASE,
			W_MEMORY_PER_CONNECTION,
			W_MEMORY_PER_USER,
			W_USERS,
			W_QUEUED_BYTES,
			W_UP_CONNECTIONS,
			W_UP_OPEN_RATE};
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (fields[i] == field) {
			return true;
		}
	}
	return false;
}

static bool does_not_matter(enum workload_field field)
{
	return field == W_NAME || field == W_DURATION || field == W_TIMEOUT || field == W_STAGES ||
			field == W_GROUPS;
}

static bool is_at_least(enum workload_field field,
		const struct workload_value *a,
		const struct workload_value *b)
{
	if (does_not_matter(field)) {
		return true;
	}
	if (a->set != b->set) {
		return false;
	}
	if (!a->set) {
		return true;
	}
	if (more_is_more(field)) {
		return a->number >= b->number;
	}
	if (field == W_DESTINATIONS || field == W_UP_DESTINATIONS) { /* each has ports of its own */
		return a->number <= b->number;
	}
	if (!a->text || !b->text) {
		return a->text == b->text && a->number == b->number;
	}
	return !strcmp(a->text, b->text);
}

/* NAN where a stage is given by the other number. */
static bool number_at_least(double a, double b)
{
	if (isnan(a))
		return isnan(b);
	return a >= b;
}

static bool stages_at_least(const struct workload *a, const struct workload *b)
{
	if (a->stage_count != b->stage_count) {
		return false;
	}
	for (size_t i = 0; i < a->stage_count; i++) {
		const struct workload_stage *x = &a->stages[i], *y = &b->stages[i];
		if (x->duration_s < y->duration_s || !number_at_least(x->connections, y->connections) ||
				!number_at_least(x->open_rate_per_s, y->open_rate_per_s)) {
			return false;
		}
	}
	return true;
}

/* Does b ask for no more than a in any respect? */
static bool plan_at_least(const struct plan *a, const struct plan *b)
{
	if (strcmp(a->tool, b->tool) != 0 || a->question_count < b->question_count ||
			!stages_at_least(&a->workload, &b->workload)) {
		return false;
	}
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		if (!is_at_least((enum workload_field)i, &a->workload.values[i], &b->workload.values[i])) {
			return false;
		}
	}
	return true;
}

/* A run without an end has the longest of all. */
static void take_longest(const struct plan *plans,
		size_t count,
		enum workload_field field,
		struct plan *plan)
{
	struct workload_value *longest = &plan->workload.values[field];
	for (size_t i = 0; i < count; i++) {
		const struct workload_value *value = &plans[i].workload.values[field];
		if (!value->set || (longest->set && value->number > longest->number)) {
			*longest = *value;
		}
	}
}

/* Connections close while a run lasts, not at its end alone: the runs add up. */
static bool opens_anew(const struct plan *plan)
{
	const struct workload_value *values = plan->workload.values;
	return values[W_REQUESTS_PER_CONNECTION].set || values[W_LIFETIME].set ||
			values[W_OPEN_RATE].number > 0;
}

/* The field's sum over all runs; not set where one of them does not say it. */
static void add_up(const struct plan *plans,
		size_t count,
		enum workload_field field,
		struct plan *plan)
{
	struct workload_value *sum = &plan->workload.values[field];
	double all = 0;
	for (size_t i = 0; i < count; i++) {
		const struct workload_value *value = &plans[i].workload.values[field];
		if (!value->set) {
			sum->set = false;
			return;
		}
		all += value->number;
	}
	sum->number = all;
	sum->confidence = CONFIDENCE_BOUND;
	sum->from = arena_printf(plan->arena, "%s, all %zu runs", sum->from, count);
}

static bool client_closes(const struct plan *plan)
{
	const struct workload_value *closer = &plan->workload.values[W_CLOSER];
	return closer->text && !strcmp(closer->text, "client");
}

double runs_connections(const struct plan *plan)
{
	double most = plan->workload.values[W_CONNECTIONS].number;
	for (size_t i = 0; i < plan->workload.stage_count; i++) {
		most = fmax(most, plan->workload.stages[i].connections);
	}
	return most;
}

/* A stage that says how many connections there are, not how many are new. */
static bool counts_connections(const struct workload *w)
{
	for (size_t i = 0; i < w->stage_count; i++) {
		if (isnan(w->stages[i].connections)) {
			return false;
		}
	}
	return w->stage_count > 0 || w->values[W_CONNECTIONS].set;
}

/* All connections of a run close at its end, and this side keeps TIME_WAIT. */
static bool closes_at_end(const struct plan *plan)
{
	if (!client_closes(plan) || opens_anew(plan)) {
		return false;
	}
	return counts_connections(&plan->workload);
}

double runs_length(const struct plan *plan)
{
	const struct workload *w = &plan->workload;
	double stages = 0;
	for (size_t i = 0; i < w->stage_count; i++) {
		stages += w->stages[i].duration_s;
	}
	if (w->values[W_DURATION].set) {
		stages = w->values[W_DURATION].number;
	}
	if (!(stages > 0)) {
		return NAN;
	}
	if (w->values[W_TIMEOUT].set) {
		stages = fmin(stages, w->values[W_TIMEOUT].number);
	}
	return stages;
}

/* Of all runs the least sure; it is no more than a bound where a length is not known. */
static enum confidence least_sure(const struct plan *plans, size_t count)
{
	enum confidence worst = CONFIDENCE_EXACT;
	for (size_t i = 0; i < count; i++) {
		const struct workload *w = &plans[i].workload;
		enum confidence one = w->values[W_CONNECTIONS].confidence;
		if (w->stage_count > 0) {
			one = w->values[W_STAGES].confidence;
		}
		bool over = i + 1 < count && isnan(runs_length(&plans[i]));
		if (over && one < CONFIDENCE_BOUND) {
			one = CONFIDENCE_BOUND;
		}
		if (one > worst) {
			worst = one;
		}
	}
	return worst;
}

/* A run as stages. One whose length is not known is over at once: the next finds all that it
 * closed. */
static void stage_run(const struct plan *run,
		const char *from,
		enum confidence confidence,
		struct plan *plan)
{
	static const double at_once_s = 0.001;
	const struct workload *w = &run->workload;
	double left = runs_length(run), live = w->values[W_CONNECTIONS].number;
	double ramp = w->values[W_RAMP_RATE].number;
	if (isnan(left)) {
		left = at_once_s;
	}
	for (size_t i = 0; i < w->stage_count; i++) {
		const struct workload_stage *stage = &w->stages[i];
		double lasts = fmin(stage->duration_s, left);
		plan_stage(plan, lasts, stage->connections, NAN, confidence, from);
		live = stage->connections;
		left -= lasts;
	}
	bool ramps = w->values[W_RAMP_RATE].set && ramp > 0 && left > at_once_s;
	if (!w->stage_count && ramps) {
		double rises = fmin(live / ramp, left);
		live = fmin(live, ceil(ramp * rises));
		plan_stage(plan, rises, live, NAN, confidence, from);
		left -= rises;
	} else if (!w->stage_count) {
		plan_stage(plan, 0, live, NAN, confidence, from);
	}
	if (left > 0) {
		plan_stage(plan, left, live, NAN, confidence, from);
	}
}

/* What its stages say now. */
static void staged(struct plan *plan)
{
	static const enum workload_field said[] = {W_CONNECTIONS,
			W_OPEN_RATE,
			W_RAMP_RATE,
			W_DURATION,
			W_TIMEOUT,
			W_OPENS_TOTAL}; /* of one run */
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		plan->workload.values[said[i]].set = false;
	}
}

static void note_stages(const struct plan *plans, size_t count, struct plan *plan)
{
	const char *unknown = "";
	for (size_t i = 0; i + 1 < count; i++) {
		if (isnan(runs_length(&plans[i]))) {
			unknown = " How long a run takes is not known, so headroom assumes that the next one "
					  "begins at once.";
		}
	}
	plan_find(plan,
			"plan-runs",
			"note",
			plan->tool,
			arena_printf(plan->arena,
					"The script runs %s %zu times, one after another. The plan has one "
					"stage per run: connections that one run closes are still in "
					"TIME_WAIT when the next begins.%s",
					plan->tool,
					count,
					unknown));
}

/* The runs as stages of one plan; false: they are not all of that kind. */
static bool stage_runs(const struct plan *plans,
		const double *pauses,
		size_t count,
		struct plan *plan)
{
	for (size_t i = 0; i < count; i++) {
		if (!closes_at_end(&plans[i])) {
			return false;
		}
	}
	const struct workload_value *live = &plan->workload.values[W_CONNECTIONS];
	if (plan->workload.stage_count > 0) {
		live = &plan->workload.values[W_STAGES];
	}
	const char *from = live->from;
	enum confidence confidence = least_sure(plans, count);
	if (count > 1) {
		from = arena_printf(plan->arena, "%s, all %zu runs", from, count);
	}
	plan->workload.stages = NULL;
	plan->workload.stage_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (i > 0 || pauses[i] > 0) {
			plan_stage(plan, pauses[i], 0, NAN, confidence, from);
		}
		stage_run(&plans[i], from, confidence, plan);
	}
	staged(plan);
	if (count > 1) {
		note_stages(plans, count, plan);
	}
	return true;
}

bool runs_begin_later(struct plan *plan, double offset_s)
{
	const struct plan run = *plan;
	return stage_runs(&run, &offset_s, 1, plan);
}

void runs_end(struct plan *plan)
{
	const struct workload_value *stages = &plan->workload.values[W_STAGES];
	if (plan->workload.stage_count > 0 && closes_at_end(plan)) {
		plan_stage(plan, 0, 0, NAN, stages->confidence, stages->from);
	}
}

static void note_runs(const struct plan *plans, size_t count, size_t highest, struct plan *plan)
{
	double left = 0;
	for (size_t i = 0; i < count; i++) {
		if (i != highest) {
			left += runs_connections(&plans[i]);
		}
	}
	if (!client_closes(plan) || !(left > 0)) {
		plan_find(plan,
				"plan-runs",
				"note",
				plan->tool,
				arena_printf(plan->arena,
						"The script runs %s %zu times, one after another. headroom "
						"judges the most demanding run.",
						plan->tool,
						count));
		return;
	}
	plan_find(plan,
			"plan-runs",
			"warning",
			plan->tool,
			arena_printf(plan->arena,
					"The script runs %s %zu times, one after another. headroom judges "
					"the most demanding run on its own. Connections that a run closes "
					"stay in TIME_WAIT for 60 s, so the next run may find up to %.0f "
					"ports taken: pause 60 s between the runs.",
					plan->tool,
					count,
					left));
}

bool runs_take_highest(const struct plan *plans,
		const double *pauses,
		size_t count,
		struct plan *ret_plan,
		struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		size_t below = 0;
		while (below < count && plan_at_least(&plans[i], &plans[below])) {
			below++;
		}
		if (below < count) {
			continue;
		}
		*ret_plan = plans[i];
		if (stage_runs(plans, pauses, count, ret_plan)) {
			return true;
		}
		if (opens_anew(ret_plan)) {
			add_up(plans, count, W_OPENS_TOTAL, ret_plan);
			add_up(plans, count, W_DURATION, ret_plan);
		} else {
			take_longest(plans, count, W_DURATION, ret_plan);
		}
		take_longest(plans, count, W_TIMEOUT, ret_plan);
		note_runs(plans, count, i, ret_plan);
		return true;
	}
	return error_set(err,
			"the script runs %zu load tests, one after another, and none of them is the "
			"most demanding in every respect; audit them one by one",
			count);
}

/* Each turn closes all of its connections and opens as many again. */
static void close_each_turn(const struct plan_context *context, struct plan *plan)
{
	struct workload_value *values = plan->workload.values;
	double length = runs_length(plan), most = runs_connections(plan);
	if (plan->workload.stage_count > 0) {
		plan_number(plan, W_CONNECTIONS, most, CONFIDENCE_BOUND, values[W_STAGES].from);
		plan->workload.stage_count = 0;
		values[W_STAGES].set = false;
	}
	values[W_OPEN_RATE].set = false;
	if (isnan(length)) {
		plan_ask(plan,
				context,
				arena_printf(plan->arena,
						"the script runs %s in a loop, and it is not known how long a "
						"run takes; each run leaves %.0f ports in TIME_WAIT for 60 s, so "
						"give the length of a run as the lifetime",
						plan->tool,
						most),
				W_LIFETIME,
				W_OPEN_RATE,
				WORKLOAD_FIELDS);
	} else {
		plan_number(plan,
				W_LIFETIME,
				length,
				CONFIDENCE_BOUND,
				"the length of a run, because the next run begins at once");
	}
	plan_choice(plan, W_START, "together", CONFIDENCE_BOUND, "all at the start of each run");
	values[W_RAMP_RATE].set = false;
	values[W_DURATION].set = false;
}

void runs_note_repeats(const struct plan_context *context, struct plan *plan)
{
	if (opens_anew(plan)) {
		plan->workload.values[W_OPENS_TOTAL].set = false;
		plan->workload.values[W_DURATION].set = false;
	} else if (closes_at_end(plan)) {
		close_each_turn(context, plan);
	}
	plan_find(plan,
			"plan-runs",
			"warning",
			plan->tool,
			arena_printf(plan->arena,
					"The script runs %s in a loop, and it is not known how many times. "
					"The plan assumes that the loop never ends.",
					plan->tool));
}

void runs_note_started(struct plan *plan, const struct name_list *started)
{
	for (size_t i = 0; i < started->count; i++) {
		const char *name = started->items[i];
		plan_find(plan,
				"plan-beside",
				"warning",
				plan->tool,
				arena_printf(plan->arena,
						"The script starts %.60s in the background, and headroom does "
						"not know what that does. It assumes a server, which is not part "
						"of this plan; headroom audit A + -- COMMAND judges both "
						"together.",
						text_clean(plan->arena, name, strlen(name), 60)));
	}
}

void runs_note_server(struct plan *plan, const char *server)
{
	const char *slash = strrchr(server, '/');
	server = slash ? slash + 1 : server;
	plan_find(plan,
			"plan-beside",
			"warning",
			plan->tool,
			arena_printf(plan->arena,
					"The script starts %.60s on the same host. It is not part of this plan; "
					"headroom audit A + -- COMMAND judges both together.",
					text_clean(plan->arena, server, strlen(server), 60)));
}
