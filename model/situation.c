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

bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err)
{
	*ret_situation = (struct situation){.arena = arena,
			.rules = rules,
			.facts = facts,
			.workload = workload,
			.options = options};
	struct situation *s = ret_situation;
	s->down = timeline_build(arena, workload, false);
	s->up = s->down;
	s->share_here = situation_share(s, false);
	s->up_share_here = s->share_here;
	if (strcmp(workload->values[W_ROLE].text, "proxy") == 0) {
		s->up = timeline_build(arena, workload, true);
		s->up_share_here = situation_share(s, true);
	}
	return parse_egress(s, err);
}
