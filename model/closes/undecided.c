/* Either side may close first. The verdict takes one share of the closes; this says which, and what
 * another one would change. */
#include "model/closes/undecided.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/closes/closer.h"

/* A load whose closes may be either side's. */
struct open_load {
	const char *name; /* NULL: there is no other load */
	struct closer_shares shares;
};

struct undecided {
	struct arena *arena;
	enum closer_basis basis;
	struct open_load *loads;
	size_t count;
	const struct judgement *counted; /* the limit that the share matters to most */
	const struct judgement *other;   /* the same in the other case */
	bool differs;                    /* it fails in one case only */
};

static const char *percent(struct arena *arena, double share)
{
	return arena_printf(arena, "%.2g%%", share * 100);
}

static const char *demand_of(const struct undecided *u, const struct judgement *j)
{
	char demand[NUMBER_TEXT_MAX];
	return arena_strdup(u->arena, text_number(demand, ceil(j->demand), j->rule->quantity));
}

/* "31,520 of 28,232 ports (Outgoing ports)". */
static const char *need_of(const struct undecided *u, const struct judgement *j)
{
	char capacity[NUMBER_TEXT_MAX];
	const struct limit_rule *rule = j->rule;
	const char *unit = "";
	if (rule->quantity == UNIT_COUNT)
		unit = arena_printf(u->arena, " %s", rule->unit);
	text_number(capacity, j->capacity, rule->quantity);
	return arena_printf(u->arena, "%s of %s%s (%s)", demand_of(u, j), capacity, unit, rule->title);
}

static bool is_bad(const struct judgement *j)
{
	return j->status == STATUS_FAIL || j->status == STATUS_UNKNOWN;
}

static bool has_use(const struct judgement *j)
{
	return !isnan(j->utilization) && j->status != STATUS_NOT_APPLICABLE;
}

/* A limit that fails in one case only, else the one whose use differs most. */
static void compare_cases(struct undecided *u,
		const struct all_limits *limits,
		const struct all_limits *others)
{
	double most = -1;
	for (size_t i = 0; i < others->count; i++) {
		const struct judgement *counted = &limits->items[i].worst;
		const struct judgement *other = &others->items[i].worst;
		bool differs = is_bad(counted) != is_bad(other);
		if (!judgement_decides(counted) || !has_use(counted) || !has_use(other))
			continue;
		double apart = fabs(other->utilization - counted->utilization);
		if (differs < u->differs || (differs == u->differs && apart <= most))
			continue;
		most = apart;
		u->differs = differs;
		u->counted = counted;
		u->other = other;
	}
}

static const char *tool_of(const struct open_load *load)
{
	if (!load->shares.tool)
		return "any tool";
	return load->shares.tool->title;
}

/* ", " or " and " in front of the i-th of a list. */
static const char *between(const struct undecided *u, size_t i)
{
	if (i == 0)
		return "";
	if (i + 1 == u->count)
		return " and ";
	return ", ";
}

/* "vegeta and hey" */
static const char *tools_of(const struct undecided *u)
{
	const char *text = "";
	for (size_t i = 0; i < u->count; i++)
		text = arena_printf(u->arena, "%s%s%s", text, between(u, i), tool_of(&u->loads[i]));
	return text;
}

/* "29% and 10%" */
static const char *shares_of(const struct undecided *u, bool highest)
{
	const char *text = "";
	for (size_t i = 0; i < u->count; i++) {
		const struct closer_shares *shares = &u->loads[i].shares;
		double share = shares->usual;
		if (highest)
			share = shares->highest;
		text = arena_printf(u->arena, "%s%s%s", text, between(u, i), percent(u->arena, share));
	}
	return text;
}

/* "the connections", or of several loads "the connections of api and shop": in the order of the
 * shares. */
static const char *connections_of(const struct undecided *u)
{
	if (u->count == 1)
		return "the connections";
	const char *text = "the connections of ";
	for (size_t i = 0; i < u->count; i++)
		text = arena_printf(u->arena, "%s%s%s", text, between(u, i), u->loads[i].name);
	return text;
}

/* The highest share decides: that first. */
static const char *warning_of_tool(const struct undecided *u)
{
	const char *outcome = "fails";
	if (u->other->status == STATUS_UNKNOWN)
		outcome = "may fail";
	return arena_printf(u->arena,
			"At the highest measured share the plan %s. It needs %s if both sides "
			"close %s of %s at once, which leaves TIME_WAIT on both. The verdict "
			"assumes %s, which is usual for %s. Set the share with --client-closes, "
			"or measure it with gate --learn.",
			outcome,
			need_of(u, u->other),
			shares_of(u, true),
			connections_of(u),
			shares_of(u, false),
			tools_of(u));
}

static const char *note_of_tool(const struct undecided *u)
{
	const char *then = "which is still enough";
	if (is_bad(u->counted))
		then = "which is not enough either";
	return arena_printf(u->arena,
			"The verdict assumes that both sides close %s of %s at once, which "
			"leaves TIME_WAIT on both. That is usual for %s. At the highest measured "
			"share, %s, the plan needs %s, %s.",
			shares_of(u, false),
			connections_of(u),
			tools_of(u),
			shares_of(u, true),
			need_of(u, u->other),
			then);
}

static const char *text_of_loopback(const struct undecided *u)
{
	const char *then = ".";
	if (u->differs)
		then = ", which is enough. Set the share with --client-closes, or measure it "
			   "with gate --learn.";
	return arena_printf(u->arena,
			"The verdict assumes that this side closes all connections first, the "
			"worst case. Over loopback the scheduler decides who closes first; "
			"measured shares range from none to nearly all. The plan needs at most "
			"%s, and at best %s%s",
			need_of(u, u->counted),
			demand_of(u, u->other),
			then);
}

static const char *text_of(const struct undecided *u)
{
	if (u->basis == CLOSER_LOOPBACK)
		return text_of_loopback(u);
	if (u->differs)
		return warning_of_tool(u);
	return note_of_tool(u);
}

static struct all_limits judge_other(const struct situation *s, enum closes closes)
{
	struct model_options options = *s->options;
	struct situation ignored;
	struct all_limits limits = {0};
	struct error err;
	options.closes = closes;
	if (!state_judge(s->arena, s->rules, s->state, &options, false, &ignored, &limits, &err))
		limits.count = 0;
	return limits;
}

/* Of a proxy the side to its upstreams. */
static bool is_open(const struct situation *s,
		const struct load *load,
		enum closer_basis basis,
		struct closer_shares *ret_shares)
{
	bool upstream = strcmp(load->workload->values[W_ROLE].text, "proxy") == 0;
	*ret_shares = closer_shares_of(s->rules, load->workload, upstream);
	if (ret_shares->basis != basis)
		return false;
	return basis == CLOSER_LOOPBACK || ret_shares->highest > ret_shares->usual;
}

/* All loads of this kind. */
static bool find_open(const struct situation *s, struct undecided *u)
{
	u->loads = arena_alloc(s->arena, s->load_count * sizeof *u->loads);
	for (size_t i = 0; i < s->load_count; i++) {
		struct open_load *load = &u->loads[u->count];
		load->name = s->loads[i].name;
		if (is_open(s, &s->loads[i], u->basis, &load->shares))
			u->count++;
	}
	return u->count > 0;
}

static bool find_undecided(const struct situation *s,
		const struct all_limits *limits,
		enum closer_basis basis,
		struct finding *ret_finding)
{
	struct undecided u = {.arena = s->arena, .basis = basis};
	enum closes closes = CLOSES_HIGHEST;
	if (!find_open(s, &u))
		return false;
	if (basis == CLOSER_LOOPBACK)
		closes = CLOSES_LEAST;
	const struct all_limits others = judge_other(s, closes);
	compare_cases(&u, limits, &others);
	if (!u.counted)
		return false;
	*ret_finding = (struct finding){.id = "likely-closer", .severity = "note", .text = text_of(&u)};
	const char *name = u.loads[0].name;
	if (name && u.count == 1)
		ret_finding->text = arena_printf(s->arena, "%s: %s", name, ret_finding->text);
	if (u.differs)
		ret_finding->severity = "warning";
	return true;
}

size_t undecided_closes(const struct situation *situation,
		const struct all_limits *limits,
		struct finding ret_findings[UNDECIDED_MAX])
{
	static const enum closer_basis bases[UNDECIDED_MAX] = {CLOSER_MEASURED, CLOSER_LOOPBACK};
	size_t count = 0;
	if (situation->options->pessimistic)
		return 0;
	for (size_t i = 0; i < UNDECIDED_MAX; i++)
		if (find_undecided(situation, limits, bases[i], &ret_findings[count]))
			count++;
	return count;
}
