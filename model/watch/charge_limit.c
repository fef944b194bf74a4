/* A limit was reached when what the command and others use of it together is all there is, or the
 * kernel counted what it refused. It is the reason only where the command uses that limit. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/watch/command_run.h"

/* --- which
 * ----------------------------------------------------------------------------------------- */

/* The limits that the generator itself has; a listener's queue is one only where it is the
 * command's. */
static bool concerns(const struct certify_input *input, const struct watched_limit *limit)
{
	switch (limit->side) {
	case WATCHED_BY_CLIENTS:
		return !input->plan || strcmp(run_role(input), "server") != 0;
	case WATCHED_BY_SERVERS:
		return run_is_server(input);
	case WATCHED_BY_ALL:
		break;
	}
	return true;
}

static double used_before(const struct certify_input *input, const struct watched_limit *limit)
{
	if (!input->seen->count)
		return (double)NAN;
	return watched_use(limit, NULL, &input->seen->items[0]).used;
}

/* The command's part. Where nothing says it: at most what was added since the start. */
static double own_part(const struct certify_input *input,
		const struct watched_limit *limit,
		const struct watched_use *use,
		bool *ret_at_most)
{
	*ret_at_most = isnan(use->own);
	if (*ret_at_most)
		return fmax(0, use->used - used_before(input, limit));
	return fmin(use->own, use->used);
}

/* Ports towards where the plan goes: they are looked at even if the command got none of them. */
static bool is_where_plan_goes(const struct watched_limit *limit)
{
	return limit->scope == SCOPE_DESTINATION;
}

static bool command_uses(const struct certify_input *input,
		const struct watched_limit *limit,
		const struct watched_use *use)
{
	bool at_most;
	return limit->processor || is_where_plan_goes(limit) ||
			own_part(input, limit, use, &at_most) > 0;
}

static void find_watched_limit(const struct certify_input *input,
		const struct watched_limit *limit,
		struct watched_peak *peak)
{
	bool refused = false;
	peak_find(input->seen, limit, run_live_of(input), peak);
	if (limit->refused != OBSERVED)
		refused = observations_growth(input->seen, limit->refused) > 0;
	bool full = peak->reached && limit->loses && command_uses(input, limit, &peak->use);
	bool lost = full || (refused && limit->hard);
	peak->reached = peak->reached || refused;
	peak->held_back = lost && concerns(input, limit);
}

void find_limits(struct arena *arena, const struct certify_input *input, struct certificate *out)
{
	const struct watched_limits *limits = input->limits;
	double first_s = (double)NAN;
	out->peaks = arena_alloc(arena, limits->count * sizeof *out->peaks);
	for (size_t i = 0; i < limits->count; i++) {
		struct watched_peak *peak = &out->peaks[i];
		find_watched_limit(input, &limits->items[i], peak);
		if (!peak->held_back)
			continue;
		if (!out->bottleneck || peak->at_s < first_s) {
			out->bottleneck = &limits->items[i];
			first_s = peak->at_s;
		}
	}
}

/* --- in words
 * -------------------------------------------------------------------------------------- */

static const struct watched_peak *peak_of_limit(const struct certify_input *input,
		const struct certificate *out,
		const struct watched_limit *limit)
{
	return &out->peaks[limit - input->limits->items];
}

/* "outgoing ports (500 of 1,000)", "memory (1 GiB of 2 GiB)", "CPU of its busiest thread (0.98 of 1
 * core)". */
static const char *limit_text(struct arena *arena,
		const struct watched_limit *limit,
		const struct watched_use *use)
{
	const char *used = run_figure(arena, use->used, limit->quantity);
	const char *capacity = run_figure(arena, use->capacity, limit->quantity);
	if (limit->processor)
		used = arena_printf(arena, "%.2f", use->used);
	if (limit->processor)
		return arena_printf(arena, "%s (%s of %s %s)", limit->phrase, used, capacity, limit->unit);
	return arena_printf(arena, "%s (%s of %s)", limit->phrase, used, capacity);
}

static const struct watched_limit *nearest_limit(const struct certify_input *input,
		const struct certificate *out)
{
	const struct watched_limit *nearest = NULL;
	double most = 0;
	for (size_t i = 0; i < input->limits->count; i++) {
		const struct watched_limit *limit = &input->limits->items[i];
		double ratio = out->peaks[i].use.ratio;
		if (!limit->loses || !concerns(input, limit) || !(ratio > most))
			continue;
		nearest = limit;
		most = ratio;
	}
	return nearest;
}

const char *nearest_text(struct arena *arena,
		const struct certify_input *input,
		const struct certificate *out)
{
	const struct watched_limit *nearest = nearest_limit(input, out);
	if (!nearest)
		return "";
	const struct watched_use *use = &peak_of_limit(input, out, nearest)->use;
	return arena_printf(arena,
			" Closest limit: %s, %s used.",
			limit_text(arena, nearest, use),
			run_figure(arena, use->ratio, UNIT_RATIO));
}

/* "; the command used 100 of them, others 900". */
static const char *shares_text(struct arena *arena,
		const struct watched_limit *limit,
		const struct charge_shares *shares)
{
	const char *most = "";
	if (shares->at_most)
		most = "at most ";
	if (limit->processor || !(shares->others > 0))
		return "";
	return arena_printf(arena,
			"; the command used %s%s of them, others %s",
			most,
			run_figure(arena, shares->own, limit->quantity),
			run_figure(arena, shares->others, limit->quantity));
}

/* ", with 24 connections open" */
static const char *connections_text(struct arena *arena, const struct watched_peak *peak)
{
	if (!(peak->live > 0))
		return "";
	return arena_printf(arena, ", with %s open", run_connections(arena, peak->live));
}

/* A tool that tries again and again what is refused is busy without being the bottleneck. */
static bool is_merely_retrying(const struct certificate *out)
{
	if (!out->bottleneck->processor)
		return false;
	for (size_t i = 0; i < out->remark_count; i++)
		if (!strcmp(out->remarks[i].id, "attempts-failed") ||
				!strcmp(out->remarks[i].id, "connections-dropped"))
			return true;
	return false;
}

static struct charge_shares limit_shares(const struct certify_input *input,
		const struct watched_limit *limit,
		const struct watched_use *use)
{
	struct charge_shares shares;
	shares.own = own_part(input, limit, use, &shares.at_most);
	shares.others = use->used - shares.own;
	if (is_where_plan_goes(limit) && observations_peak(input->seen, O_UNSURE, NULL) > 0)
		shares.at_most = true;
	return shares;
}

static const char *limit_fix_text(struct arena *arena,
		const struct watched_limit *limit,
		const struct charge_shares *shares)
{
	if (limit->processor)
		return "Give the tool more threads or processes, or split the load over several hosts.";
	if (shares->others > shares->own)
		return arena_printf(arena,
				"Stop the other programs that use them, wait for their TIME_WAIT sockets to "
				"expire (--wait 60s), or raise the limit (headroom explain %s).",
				limit->id);
	return arena_printf(arena,
			"Raise the limit above the command's peak use (headroom fix with this "
			"plan shows how, headroom explain %s says more), or split the load over several "
			"hosts.",
			limit->id);
}

/* A limit may be full without holding the command back: then it is said why. */
static const char *full_text(const struct watched_limit *limit, const struct watched_peak *peak)
{
	if (!peak->reached)
		return "";
	if (limit->processor)
		return ", busy with attempts that failed";
	return ", none of it used by the command";
}

static void check_limit(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_LIMIT];
	const struct watched_limit *limit = out->bottleneck;
	const char *why = "";
	if (!limit)
		limit = nearest_limit(input, out);
	if (!limit)
		return;
	const struct watched_peak *peak = peak_of_limit(input, out, limit);
	double full = peak_full_at(limit);
	const char *percent = run_figure(arena, full, UNIT_RATIO);
	if (!charge->sentence)
		why = full_text(limit, peak);
	charge->check = (struct charge_check){
			.known = true,
			.subject = limit->id,
			.measured = peak->use.ratio,
			.threshold = full,
			.unit = UNIT_RATIO,
			.seen = arena_printf(arena, "%s%s", limit_text(arena, limit, &peak->use), why),
			.allowed = arena_printf(arena, "less than %s", percent),
	};
	if (limit->processor)
		charge->check.allowed = arena_printf(arena, "below %s for half of the run", percent);
}

static void convict_limit(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out,
		const struct watched_limit *limit)
{
	struct charge *charge = &out->charges[CHARGE_LIMIT];
	const struct watched_peak *peak = peak_of_limit(input, out, limit);
	const struct charge_shares shares = limit_shares(input, limit, &peak->use);
	charge->subject = limit->id;
	charge->sentence = arena_printf(arena,
			"This host was the bottleneck: %s reached the limit %s into the run%s%s.",
			limit_text(arena, limit, &peak->use),
			run_figure(arena, peak->at_s, UNIT_SECONDS),
			connections_text(arena, peak),
			shares_text(arena, limit, &shares));
	charge->fix = limit_fix_text(arena, limit, &shares);
	charge_add(charge, "used", peak->use.used, limit->quantity);
	charge_add(charge, "capacity", peak->use.capacity, limit->quantity);
	charge_add(charge, "own", shares.own, limit->quantity);
	charge_add(charge, "others", shares.others, limit->quantity);
	charge_add(charge, "at", peak->at_s, UNIT_SECONDS);
}

void charge_limit(struct arena *arena, const struct certify_input *input, struct certificate *out)
{
	const struct watched_limit *limit = out->bottleneck;
	if (limit && is_merely_retrying(out))
		out->bottleneck = NULL;
	if (out->bottleneck)
		convict_limit(arena, input, out, limit);
	check_limit(arena, input, out);
}
