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

/* The present use does not depend on the plan; judging needs one. */
static bool judge_look(const struct pipeline *pipeline,
		struct why_look *ret_look,
		struct error *err)
{
	struct workload usual;
	struct result *result = arena_alloc(pipeline->run->arena, sizeof *result);
	if (!pipeline_preset(pipeline, "default", &usual, err))
		return false;
	if (!pipeline_judge(pipeline, &usual, result, err))
		return false;
	*ret_look = (struct why_look){result->facts, result->resources};
	return true;
}

static bool look_again(const struct pipeline *pipeline,
		struct why_look *ret_look,
		struct error *err)
{
	struct pipeline again = *pipeline;
	again.facts = pipeline_facts(pipeline->run, DETAIL_ALL, &again.host, err);
	if (!again.facts)
		return false;
	return judge_look(&again, ret_look, err);
}

bool why_look(struct pipeline *pipeline,
		struct why_look *ret_looks,
		size_t *ret_count,
		struct error *err)
{
	double next_s = clock_now_s() + why_apart_s;
	*ret_count = 1;
	if (!judge_look(pipeline, &ret_looks[0], err))
		return false;
	if (pipeline->run->options->facts_path)
		return true;
	sleep_until(next_s);
	*ret_count = WHY_LOOKS;
	return look_again(pipeline, &ret_looks[1], err);
}
