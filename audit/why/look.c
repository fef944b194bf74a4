/* Two looks at the host, a moment apart: what is full in both is full, and a counter that grew in
 * between says that it is hit now. */
#include <math.h>
#include <time.h>

#include "audit/why/why.h"
#include "base/os/clock.h"

const double why_apart_s = 0.2;

static void sleep_until(double moment_s)
{
	double left = moment_s - clock_now_s();
	if (!(left > 0))
		return;
	const struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
	(void)nanosleep(&time, NULL);
}

/* Formulas ask for a plan; the present use does not depend on it. */
static bool judge_look(const struct pipeline *pipeline,
		struct facts *facts,
		struct why_look *ret_look,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	struct workload *usual = arena_alloc(arena, sizeof *usual);
	struct situation *situation = arena_alloc(arena, sizeof *situation);
	struct state *state = arena_alloc(arena, sizeof *state);
	struct loads plan = loads_of(usual);
	if (!pipeline_preset(pipeline, "default", usual, err))
		return false;
	if (!loads_complete(arena, &plan, err))
		return false;
	*state = state_new(arena, &pipeline->rules, facts_overlay(arena, facts), &plan);
	if (!situation_build(arena, &pipeline->rules, state, &pipeline->model, situation, err))
		return false;
	*ret_look = why_look_at(situation);
	return true;
}

/* What is in use of a limit may be found only by looking at everything, which is done once: at the
 * second look. false: the process has ended in the meantime. */
static bool look_again(struct pipeline *pipeline, struct why_look *ret_look)
{
	struct options options = *pipeline->run->options;
	struct run looking = *pipeline->run;
	struct host_info host;
	struct error ended = {0};
	options.all = true;
	looking.options = &options;
	struct facts *facts = pipeline_facts(&looking, DETAIL_ALL, &host, &ended);
	if (!facts || !judge_look(pipeline, facts, ret_look, &ended))
		return false;
	pipeline->facts = facts;
	pipeline->host = host;
	return true;
}

bool why_look(struct pipeline *pipeline,
		struct why_calls *calls,
		struct why_look *ret_looks,
		size_t *ret_count,
		double *ret_apart_s,
		struct error *err)
{
	double next_s = clock_now_s() + why_apart_s;
	*ret_count = 1;
	*ret_apart_s = why_apart_s;
	if (!judge_look(pipeline, pipeline->facts, &ret_looks[0], err))
		return false;
	if (pipeline->run->options->facts_path)
		return true;
	if (calls->asked) {
		why_calls_watch(pipeline, calls);
		*ret_apart_s = calls->seconds;
	}
	sleep_until(next_s);
	if (look_again(pipeline, &ret_looks[1]))
		*ret_count = WHY_LOOKS;
	return true;
}
