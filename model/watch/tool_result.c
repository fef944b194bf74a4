#include "model/watch/tool_result.h"

#include <math.h>

#include "base/text.h"

/* A run takes this much longer than it was to: for its start, and for its last answers. */
static const double late_ratio = 1.25, late_s = 3;

struct tool_result tool_result_none(const char *tool, const char *why)
{
	struct tool_result result = {.tool = tool, .why = why};
	for (size_t i = 0; i < RESULT_FIGURES; i++)
		result.figures[i] = (double)NAN;
	return result;
}

/* --- figures from figures --- */

static double known_or(double value, double otherwise)
{
	return isnan(value) ? otherwise : value;
}

/* A part of a whole that is never smaller than it; NAN: one is not known, or there is nothing. */
static double share(double part, double whole)
{
	double least = fmax(part, whole);
	if (isnan(part) || isnan(whole) || !(least > 0))
		return (double)NAN;
	return part / least;
}

static void find_errors(const struct tool_result *result, struct result_verdict *out)
{
	const double *figures = result->figures;
	double failures = figures[RESULT_FAILURES];
	out->errors = figures[RESULT_ERRORS];
	if (isnan(out->errors) && failures == 0)
		out->errors = 0;
	double failed = known_or(out->errors, known_or(failures, 0));
	double answers = figures[RESULT_ANSWERS];
	if (failed > 0)
		answers = known_or(answers, 0); /* a list of statuses is empty where there was none */
	out->requests = known_or(figures[RESULT_REQUESTS], answers + failed);
	out->error_ratio = share(out->errors, out->requests);
}

static void find_lost(const struct tool_result *result,
		const struct asked *asked,
		struct result_verdict *out)
{
	const double *figures = result->figures;
	double connections = known_or(figures[RESULT_CONNECTIONS], asked->connections);
	out->lost = figures[RESULT_LOST];
	out->lost_ratio = share(out->lost, connections);
	out->dropped = figures[RESULT_DROPPED];
	out->dropped_ratio = share(out->dropped, known_or(out->requests, 0) + out->dropped);
}

/* The rate of what was answered, whatever the tool counts as a rate. */
static double answer_rate(const struct tool_result *result, const struct result_verdict *out)
{
	const double *figures = result->figures;
	double answered = 1 - known_or(out->error_ratio, 0);
	if (!isnan(figures[RESULT_ANSWER_RATE]))
		return figures[RESULT_ANSWER_RATE];
	if (!isnan(figures[RESULT_RATE]))
		return figures[RESULT_RATE] * answered;
	if (figures[RESULT_SECONDS] > 0)
		return out->requests * answered / figures[RESULT_SECONDS];
	return (double)NAN;
}

/* By the count as well: the last answers of a short run make its time longer, not its rate. */
static void find_rate(const struct tool_result *result,
		const struct asked *asked,
		struct result_verdict *out)
{
	double answers = out->requests * (1 - known_or(out->error_ratio, 0));
	double due = (double)NAN;
	out->rate = answer_rate(result, out);
	out->asked_rate = known_or(result->figures[RESULT_ASKED_RATE], asked->rate_per_s);
	out->rate_ratio = (double)NAN;
	if (!(out->asked_rate > 0))
		return;
	bool in_time = asked->run_s >= asked->duration_s &&
			asked->run_s <= asked->duration_s * late_ratio + late_s;
	if (in_time)
		due = out->asked_rate * asked->duration_s;
	if (isnan(out->rate) && in_time)
		out->rate = answers / asked->duration_s; /* some tell neither a rate nor a time */
	if (!isnan(out->rate))
		out->rate_ratio = fmax(out->rate / out->asked_rate, answers / due);
}

/* --- sentences --- */

static const char *result_figure(struct arena *arena, double value, enum unit unit)
{
	char text[NUMBER_TEXT_MAX];
	return arena_strdup(arena, text_number(text, value, unit));
}

static void say_errors(struct arena *arena,
		const struct tool_result *result,
		const struct result_verdict *out,
		struct text *text)
{
	const char *requests = result_figure(arena, out->requests, UNIT_COUNT);
	if (isnan(out->requests))
		text_add(text, "it does not say how many requests there were");
	else if (out->errors == 0)
		text_addf(text, "%s requests, all answered", requests);
	else if (!isnan(out->errors))
		text_addf(text,
				"%s of %s requests got no answer",
				result_figure(arena, out->errors, UNIT_COUNT),
				requests);
	else if (result->figures[RESULT_FAILURES] > 0)
		text_addf(text,
				"%s of %s requests failed; it does not say how many of these were "
				"answered",
				result_figure(arena, result->figures[RESULT_FAILURES], UNIT_COUNT),
				requests);
	else
		text_addf(text, "%s requests; it does not count requests without an answer", requests);
	if (out->errors > 0 && result->cause)
		text_addf(text, " (most: %s)", result->cause);
}

static void say_rest(struct arena *arena,
		const struct tool_result *result,
		const struct result_verdict *out,
		struct text *text)
{
	if (out->lost > 0)
		text_addf(text,
				"; %s connections could not be opened",
				result_figure(arena, out->lost, UNIT_COUNT));
	if (out->dropped > 0)
		text_addf(text, "; %s were dropped", result_figure(arena, out->dropped, UNIT_COUNT));
	if (!isnan(out->rate_ratio))
		text_addf(text,
				"; %s of the %s asked for",
				result_figure(arena, out->rate, UNIT_PER_S),
				result_figure(arena, out->asked_rate, UNIT_PER_S));
	if (result->part)
		text_addf(text, "; only %s were read", result->part);
}

static const char *sentence_of(struct arena *arena,
		const struct tool_result *result,
		const struct result_verdict *out)
{
	struct text text = {0};
	text_addf(&text, "%s's own result (%s): ", result->tool, result->from);
	say_errors(arena, result, out, &text);
	say_rest(arena, result, out, &text);
	text_add(&text, ".");
	return text_take(arena, &text);
}

/* Shares here are compared with a thousandth, so "<1%" would not do. */
static const char *fine_share(struct arena *arena, double ratio)
{
	if (ratio > 0 && ratio < 0.01)
		return arena_printf(arena, "%.2g%%", ratio * 100);
	return result_figure(arena, ratio, UNIT_RATIO);
}

/* "0.18%; 0.1% is allowed". */
static const char *too_large(struct arena *arena, double ratio, double most)
{
	return arena_printf(arena,
			"%s; %s is allowed",
			fine_share(arena, ratio),
			fine_share(arena, most));
}

static const char *in_brackets(struct arena *arena,
		const struct tool_result *result,
		const char *share)
{
	if (!result->cause)
		return share;
	return arena_printf(arena, "%s; most: %s", share, result->cause);
}

static const char *guilt_of(struct arena *arena,
		const struct tool_result *result,
		const struct result_verdict *out,
		const struct result_limits *limits)
{
	const double most = limits->errors_ratio;
	if (out->error_ratio > most)
		return arena_printf(arena,
				"%s got no answer to %s of its %s requests (%s)",
				result->tool,
				result_figure(arena, out->errors, UNIT_COUNT),
				result_figure(arena, out->requests, UNIT_COUNT),
				in_brackets(arena, result, too_large(arena, out->error_ratio, most)));
	if (out->lost_ratio > most)
		return arena_printf(arena,
				"%s could not open %s of its connections (%s)",
				result->tool,
				result_figure(arena, out->lost, UNIT_COUNT),
				in_brackets(arena, result, too_large(arena, out->lost_ratio, most)));
	if (out->dropped_ratio > most)
		return arena_printf(arena,
				"%s dropped %s of its planned work (%s)",
				result->tool,
				result_figure(arena, out->dropped, UNIT_COUNT),
				too_large(arena, out->dropped_ratio, most));
	return arena_printf(arena,
			"%s reached %s of the requested %s (%s; at least %s is needed)",
			result->tool,
			result_figure(arena, out->rate, UNIT_PER_S),
			result_figure(arena, out->asked_rate, UNIT_PER_S),
			result_figure(arena, out->rate_ratio, UNIT_RATIO),
			fine_share(arena, limits->rate_ratio));
}

/* The largest of the shares that a result may have; NAN: none is in it. */
static double worst_share(const struct result_verdict *out)
{
	return fmax(out->error_ratio, fmax(out->lost_ratio, out->dropped_ratio));
}

static const char *worst_what(const struct result_verdict *out, double worst)
{
	if (out->error_ratio == worst)
		return "of its requests got no answer";
	if (out->lost_ratio == worst)
		return "of its connections could not be opened";
	return "of its planned work was dropped";
}

static void check_rate(struct arena *arena,
		const struct result_verdict *out,
		const struct result_limits *limits,
		struct charge_check *check)
{
	const char *rate = result_figure(arena, out->rate_ratio, UNIT_RATIO);
	const char *least = fine_share(arena, limits->rate_ratio);
	if (isnan(out->rate_ratio))
		return;
	rate = arena_printf(arena, "%s of the requested rate", rate);
	check->allowed = arena_printf(arena, "%s; at least %s of the rate", check->allowed, least);
	if (check->seen)
		check->seen = arena_printf(arena, "%s; %s", check->seen, rate);
	else
		check->seen = rate;
	if (out->too_many || !out->too_slow)
		return;
	check->measured = out->rate_ratio;
	check->threshold = limits->rate_ratio;
}

static void allow_errors(struct arena *arena,
		const struct result_limits *limits,
		struct charge_check *check)
{
	const char *most = fine_share(arena, limits->errors_ratio);
	*check = (struct charge_check){
			.measured = (double)NAN,
			.threshold = limits->errors_ratio,
			.unit = UNIT_RATIO,
			.allowed = arena_printf(arena, "up to %s", most),
	};
}

/* A result that does not count errors, or that was read in part, does not rule them out. */
static void tool_result_check(struct arena *arena,
		const struct tool_result *result,
		const struct result_limits *limits,
		struct result_verdict *out)
{
	double worst = worst_share(out);
	struct charge_check *check = &out->check;
	check->known = !isnan(out->error_ratio) && !result->part;
	check->measured = worst;
	if (!isnan(worst))
		check->seen =
				arena_printf(arena, "%s %s", fine_share(arena, worst), worst_what(out, worst));
	check_rate(arena, out, limits, check);
}

void tool_result_judge(struct arena *arena,
		const struct tool_result *result,
		const struct asked *asked,
		const struct result_limits *limits,
		struct result_verdict *ret_verdict)
{
	struct result_verdict *out = ret_verdict;
	double most = limits->errors_ratio;
	*out = (struct result_verdict){0};
	allow_errors(arena, limits, &out->check);
	find_errors(result, out);
	find_lost(result, asked, out);
	find_rate(result, asked, out);
	if (!result->from)
		return;
	out->too_many = out->error_ratio > most || out->lost_ratio > most || out->dropped_ratio > most;
	out->too_slow = out->rate_ratio < limits->rate_ratio;
	out->unsure = isnan(out->errors) &&
			share(result->figures[RESULT_FAILURES], out->requests) > most;
	out->sentence = sentence_of(arena, result, out);
	if (out->too_many || out->too_slow)
		out->guilt = guilt_of(arena, result, out, limits);
	tool_result_check(arena, result, limits, out);
}
