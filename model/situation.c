/* Builds a situation: the plan over time, who closes, and the cloud NAT it goes through. */
#include "model/situation.h"

#include <string.h>

#include "base/text.h"
#include "model/closes/closer.h"
#include "model/load/population.h"

/* The part of the closes that leaves TIME_WAIT here. */
static double situation_share(const struct situation *s, const struct load *load, bool upstream)
{
	const struct closer_shares shares = closer_shares_of(s->rules, load->workload, upstream);
	if (shares.basis == CLOSER_CERTAIN)
		return shares.usual;
	if (s->options->pessimistic)
		return 1;
	if (shares.basis == CLOSER_LOOPBACK && s->options->closes == CLOSES_LEAST)
		return 0;
	if (s->options->closes == CLOSES_HIGHEST)
		return shares.highest;
	return shares.usual;
}

static bool build_load(const struct situation *s,
		const struct state *state,
		const struct load_course *course,
		struct load *load,
		struct error *err)
{
	size_t at = course->load;
	const struct workload *workload = &state->loads.items[at];
	const char *role = workload->values[W_ROLE].text;
	*load = (struct load){
			.at = at,
			.workload = workload,
			.facts = state->facts[at],
			.down = course->down,
			.up = course->up,
			.end_s = course->end_s,
	};
	if (state->loads.count > 1)
		load->name = loads_name(s->arena, &state->loads, at);
	load->share_here = situation_share(s, load, false);
	load->up_share_here = load->share_here;
	if (!strcmp(role, "proxy"))
		load->up_share_here = situation_share(s, load, true);
	return egress_read(s->arena, s->rules, workload->values[W_EGRESS].text, &load->egress, err);
}

/* Nobody said whether what is open at the start is in mid-life or was just opened, and the test is
 * long enough for all of it to end together. */
static bool may_end_together(const struct workload *load)
{
	const struct workload_value *start = &load->values[W_START];
	bool open = start->assumed && strcmp(start->text, "steady") == 0;
	return open && population_end_s(load) >= load->values[W_LIFETIME].number;
}

/* The loads as they run at worst, for --pessimistic. */
static struct loads loads_at_worst(struct arena *arena, const struct loads *loads)
{
	struct loads worst = loads_copy(arena, loads);
	for (size_t i = 0; i < worst.count; i++) {
		struct workload *load = &worst.items[i];
		if (may_end_together(load))
			load->values[W_START].text = "together";
	}
	return worst;
}

static struct courses *courses_for(struct arena *arena,
		const struct state *state,
		const struct model_options *options)
{
	struct loads plan = state->loads;
	if (state->courses && !options->pessimistic)
		return state->courses;
	if (options->pessimistic)
		plan = loads_at_worst(arena, &plan);
	return courses_new(arena, &plan);
}

bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err)
{
	struct situation *s = ret_situation;
	struct courses *courses = courses_for(arena, state, options);
	size_t count = courses->count;
	struct load *loads = arena_alloc(arena, count * sizeof *loads);
	*s = (struct situation){
			.arena = arena,
			.rules = rules,
			.state = state,
			.facts = state->facts[0],
			.options = options,
			.loads = loads,
			.load_count = count,
			.together = courses->together,
			.grids = &courses->grids,
	};
	for (size_t i = 0; i < count; i++) {
		const struct load_course *course = &courses->items[i];
		if (!build_load(s, state, course, &loads[i], err))
			return false;
	}
	return true;
}

const struct load *situation_load(const struct situation *s, size_t at)
{
	for (size_t i = 0; i < s->load_count; i++) {
		const struct load *load = &s->loads[i];
		if (load->at == at)
			return load;
	}
	return &s->loads[0];
}
