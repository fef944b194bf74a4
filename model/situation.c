/* Builds a situation: the plan over time, who closes, and the cloud NAT it goes through. */
#include "model/situation.h"

#include <string.h>

#include "base/text.h"
#include "model/closes/closer.h"
#include "model/load/population.h"

/* The part of the closes that leaves TIME_WAIT here. */
static double situation_share(const struct situation *s, bool upstream)
{
	const struct closer_shares shares = closer_shares_of(s->rules, s->workload, upstream);
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

/* What follows the provider in "aws-nat-gateway:ips=2". */
static bool parse_egress_ips(struct situation *s,
		const char *flag,
		const char *after,
		struct error *err)
{
	static const char ips[] = ":ips=";
	const double most = s->egress->max_ips;
	if (!text_begins_with(after, ips))
		return error_set(err, "--egress %.60s: after the provider only :ips=N is understood", flag);
	if (!unit_parse(after + strlen(ips), UNIT_COUNT, &s->egress_ips, err))
		return false;
	bool too_many = most > 0 && s->egress_ips > most;
	if (s->egress_ips < 1 || too_many)
		return error_set(err, "--egress %.60s: 1 to %g addresses", flag, most);
	return true;
}

static bool parse_egress(struct situation *s, struct error *err)
{
	const struct workload_value *value = &s->workload->values[W_EGRESS];
	if (!value->set || !value->text)
		return true;
	if (!strcmp(value->text, "none"))
		return true;
	size_t length = strcspn(value->text, ":");
	const char *id = arena_copy(s->arena, value->text, length);
	const char *after = value->text + length;
	s->egress = rules_egress(s->rules, id);
	if (!s->egress)
		return error_set(err,
				"--egress %.60s: no such provider (headroom rules list shows them)",
				id);
	s->egress_ips = s->egress->default_ips;
	if (!*after)
		return true;
	return parse_egress_ips(s, value->text, after, err);
}

/* Nobody said whether what is open at the start is in mid-life or was just opened: at worst it all
 * ends together, if the test is long enough for that. */
static const struct workload *at_worst(const struct situation *s)
{
	const struct workload *plan = s->workload;
	const struct workload_value *start = &plan->values[W_START];
	bool open = start->assumed && strcmp(start->text, "steady") == 0;
	bool ends = population_end_s(plan) >= plan->values[W_LIFETIME].number;
	if (!s->options->pessimistic || !open || !ends)
		return plan;
	struct workload *worst = arena_alloc(s->arena, sizeof *worst);
	*worst = *plan;
	worst->values[W_START].text = "together";
	return worst;
}

/* The plan over time, and which of its closes leave TIME_WAIT here. */
static bool situation_add_load(struct situation *s, struct error *err)
{
	const char *role = s->workload->values[W_ROLE].text;
	const struct workload *plan = at_worst(s);
	s->down = timeline_build(s->arena, plan, false);
	s->up = s->down;
	s->share_here = situation_share(s, false);
	s->up_share_here = s->share_here;
	if (strcmp(role, "proxy") == 0) {
		s->up = timeline_build(s->arena, plan, true);
		s->up_share_here = situation_share(s, true);
	}
	return parse_egress(s, err);
}

bool situation_of_loads(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workloads,
		size_t count,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err)
{
	struct situation *loads = arena_alloc(arena, count * sizeof *loads);
	for (size_t i = 0; i < count; i++) {
		loads[i] = (struct situation){
				.arena = arena,
				.rules = rules,
				.facts = facts,
				.workload = &workloads[i],
				.options = options,
				.loads = loads,
				.load_count = count,
		};
		if (!situation_add_load(&loads[i], err))
			return false;
	}
	*ret_situation = loads[0];
	return true;
}

bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err)
{
	return situation_of_loads(arena, rules, facts, workload, 1, options, ret_situation, err);
}
