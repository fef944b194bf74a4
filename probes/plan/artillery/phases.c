/* The phases: who arrives when. maxVusers bounds the users that are there at one time; arrivals
 * beyond are skipped. */
#include <math.h>

#include "probes/plan/artillery/artillery.h"

enum {
	PHASES_MAX = 300,
	ROUNDS_MAX = 40
};

struct phase {
	double seconds, from_per_s, to_per_s, most;
	const char *where;
};

struct coming {
	struct artillery *a;
	struct arrivals arrivals;
	bool capped;
};

static void add_segment(struct coming *all,
		double seconds,
		double from_per_s,
		double to_per_s,
		const char *where)
{
	arrivals_add(&all->arrivals, seconds, from_per_s, to_per_s, where);
}

/* The second at which so many users have come. */
static double reached_s(const struct phase *phase, double users)
{
	double slope = (phase->to_per_s - phase->from_per_s) / phase->seconds;
	double from = phase->from_per_s;
	if (fabs(slope) < 1e-9)
		return users / from;
	double root = from * from + 2 * slope * users;
	if (root < 0)
		return INFINITY;
	return (sqrt(root) - from) / slope;
}

static double rate_at(const struct phase *phase, double second)
{
	double change = phase->to_per_s - phase->from_per_s;
	return phase->from_per_s + change * second / phase->seconds;
}

/* At a constant rate: all places are taken at once, and again as soon as the sessions end. */
static void add_rounds(struct coming *all, const struct phase *phase, double full_s)
{
	double session = all->a->session_s, left = phase->seconds;
	double rate = phase->from_per_s;
	while (left > 0) {
		double comes = fmin(full_s, left);
		add_segment(all, comes, rate, rate, phase->where);
		left -= comes;
		double waits = fmin(session - full_s, left);
		add_segment(all, waits, 0, 0, phase->where);
		left -= waits;
	}
}

static void add_capped(struct coming *all, const struct phase *phase)
{
	double session = all->a->session_s, steady = phase->most / session;
	double full_s = reached_s(phase, phase->most);
	double slope = (phase->to_per_s - phase->from_per_s) / phase->seconds;
	bool constant = fabs(slope) < 1e-9;
	all->capped = true;
	if (constant && phase->seconds / session <= ROUNDS_MAX) {
		add_rounds(all, phase, full_s);
		return;
	}
	if (full_s > session && !constant) /* they leave while others come */
		full_s = (steady - phase->from_per_s) / slope;
	full_s = fmin(fmax(full_s, 0), phase->seconds);
	double waits = fmin(fmax(session - full_s, 0), phase->seconds - full_s);
	double rest = phase->seconds - full_s - waits;
	add_segment(all, full_s, phase->from_per_s, rate_at(phase, full_s), phase->where);
	add_segment(all, waits, 0, 0, phase->where);
	add_segment(all, rest, steady, steady, phase->where);
}

static void artillery_add_phase(struct coming *all, const struct phase *phase)
{
	double highest = fmax(phase->from_per_s, phase->to_per_s);
	bool capped = highest * all->a->session_s > phase->most;
	if (capped && phase->seconds > 0)
		add_capped(all, phase);
	else
		add_segment(all, phase->seconds, phase->from_per_s, phase->to_per_s, phase->where);
}

static bool read_phase(struct coming *all,
		const struct document *document,
		const struct tree_node *node)
{
	struct artillery *a = all->a;
	double pause = NAN, count = NAN;
	struct phase phase = {
			.seconds = NAN,
			.from_per_s = NAN,
			.to_per_s = NAN,
			.most = INFINITY,
			.where = document_where(document, node),
	};
	const struct {
		const char *name;
		const struct quantity_syntax *syntax;
		double *ret;
	} entries[] = {
			{"duration", &artillery_duration, &phase.seconds},
			{"pause", &artillery_duration, &pause},
			{"arrivalRate", &quantity_decimal, &phase.from_per_s},
			{"rampTo", &quantity_decimal, &phase.to_per_s},
			{"arrivalCount", &quantity_decimal, &count},
			{"maxVusers", &quantity_decimal, &phase.most},
	};
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		if (!artillery_number(a,
					document,
					node,
					entries[i].name,
					entries[i].syntax,
					entries[i].ret))
			return false;
	if (!isnan(pause)) {
		add_segment(all, pause, 0, 0, phase.where);
		return true;
	}
	if (isnan(phase.seconds))
		return document_error(document, node, a->err, "a phase needs duration or pause");
	if (!isnan(count))
		phase.from_per_s = count / fmax(phase.seconds, 1e-3);
	if (isnan(phase.from_per_s) && isnan(phase.to_per_s))
		return document_error(document,
				node,
				a->err,
				"a phase needs arrivalRate, arrivalCount or rampTo");
	if (isnan(phase.from_per_s))
		phase.from_per_s = 0;
	if (isnan(phase.to_per_s) || !isnan(count))
		phase.to_per_s = phase.from_per_s;
	artillery_add_phase(all, &phase);
	return true;
}

static bool read_phases(struct coming *all,
		const struct document *document,
		const struct tree_node *phases)
{
	size_t count = 0;
	for (const struct tree_node *at = phases->child; at; at = at->next) {
		if (++count > PHASES_MAX)
			return document_error(document, at, all->a->err, "more than %d phases", PHASES_MAX);
		if (!read_phase(all, document, at))
			return false;
	}
	return true;
}

bool artillery_set_phases(struct artillery *a, bool solo)
{
	const struct document *document = &a->layers[0].document;
	const struct tree_node *phases = artillery_lookup(a, "phases", NULL, &document);
	struct coming *all = arena_alloc(a->arena, sizeof *all);
	all->a = a;
	if (solo)
		add_segment(all, 1, 1, 1, "--solo: one user");
	else if (!phases || !phases->child)
		add_segment(all, 1, 1, 1, "no phases: one user");
	else if (!read_phases(all, document, phases))
		return false;
	if (!all->arrivals.count)
		return document_error(document, document->root, a->err, "the phases have no duration");
	bool estimated = all->capped || a->any_polling;
	arrivals_set_stages(&all->arrivals, a->events, a->event_count, estimated, a->plan);
	return true;
}
