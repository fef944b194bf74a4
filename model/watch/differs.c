#include "model/watch/differs.h"

#include <math.h>

#include "base/text.h"

/* From this share of the plan on, and from so many connections on. */
static const double differs_ratio = 0.2, differs_least = 10;

static const double early_least_s = 1;

static bool ended_early(const struct plan_and_run *both)
{
	double missing_s = both->planned_s - both->run_s;
	return missing_s >= early_least_s && missing_s > both->planned_s * differs_ratio;
}

static const char *early_text(struct arena *arena, const struct plan_and_run *both)
{
	char run[NUMBER_TEXT_MAX], planned[NUMBER_TEXT_MAX];
	return arena_printf(arena,
			"The run ended early: after %s of the %s planned.",
			text_number(run, both->run_s, UNIT_SECONDS),
			text_number(planned, both->planned_s, UNIT_SECONDS));
}

static const char *differs_figure(struct arena *arena, double value)
{
	char text[NUMBER_TEXT_MAX];
	return arena_strdup(arena, text_number(text, value, UNIT_COUNT));
}

/* False where either is not known. */
static bool is_more(double planned, double seen)
{
	return seen - planned >= differs_least && seen > planned * (1 + differs_ratio);
}

static bool is_less(const struct plan_and_run *both, double planned, double seen)
{
	if (both->at_most)
		return false;
	return planned - seen >= differs_least && seen < planned * (1 - differs_ratio);
}

/* Connections that are closed again at once: a look finds few of them open at one time. */
static bool is_brief(const struct plan_and_run *both)
{
	return both->opened_seen > 2 * both->live_planned;
}

/* "1 connection was", "1,000 connections were" */
static const char *differs_planned(struct arena *arena, const char *what, double count)
{
	const char *form = "%s %ss were";
	if (count == 1)
		form = "%s %s was";
	return arena_printf(arena, form, differs_figure(arena, count), what);
}

static const char *opened_text(struct arena *arena, const struct plan_and_run *both)
{
	double per_s = both->opened_seen / fmax(both->run_s, 1e-3);
	return arena_printf(arena,
			"%s planned in that time, the run opened %s (%s/s)",
			differs_planned(arena, "new connection", round(both->opened_planned)),
			differs_figure(arena, both->opened_seen),
			differs_figure(arena, round(per_s)));
}

static const char *live_text(struct arena *arena, const struct plan_and_run *both)
{
	return arena_printf(arena,
			"%s planned, the run had %s",
			differs_planned(arena, "connection", round(both->live_planned)),
			differs_figure(arena, both->live_seen));
}

static const char *more_text(struct arena *arena, const char *what)
{
	return arena_printf(arena,
			"The run made more load than the audit judged: %s. Put these numbers "
			"into the plan, or let --learn do it.",
			what);
}

static const char *less_text(struct arena *arena, const char *what)
{
	return arena_printf(arena, "The run made less load than planned: %s.", what);
}

const char *run_differs(struct arena *arena, const struct plan_and_run *both)
{
	if (ended_early(both))
		return early_text(arena, both);
	if (is_more(both->live_planned, both->live_seen))
		return more_text(arena, live_text(arena, both));
	if (is_more(both->opened_planned, both->opened_seen))
		return more_text(arena, opened_text(arena, both));
	if (!is_brief(both) && is_less(both, both->live_planned, both->live_seen))
		return less_text(arena, live_text(arena, both));
	if (is_less(both, both->opened_planned, both->opened_seen))
		return less_text(arena, opened_text(arena, both));
	return NULL;
}
