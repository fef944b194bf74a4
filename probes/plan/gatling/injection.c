/* When users start: the steps of inject(…), injectOpen(…) and injectClosed(…). The steps of one
 * scenario follow each other, scenarios run side by side, and those of andThen(…) after them. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/gatling/gatling.h"

/* A moment in which users that start at once do so. */
static const double at_once_s = 0.1;

/* One scenario's steps while they are read. */
struct injection {
	struct gatling_simulation *simulation;
	const struct gatling_text *source;
	double now_s;
};

static void add_injection_part(struct injection *in,
		double seconds,
		double begin,
		double end,
		bool closed)
{
	struct gatling_simulation *simulation = in->simulation;
	if (!isfinite(seconds) || !isfinite(begin) || !isfinite(end) ||
			simulation->part_count == GATLING_PARTS_MAX) {
		simulation->unknown = true;
		return;
	}
	simulation->parts[simulation->part_count++] = (struct gatling_part){.from_s = in->now_s,
			.to_s = in->now_s + seconds,
			.begin = begin,
			.end = end,
			.closed = closed};
	in->now_s += seconds;
}

/* The number in the parentheses of this call. */
static double number_after(const struct injection *in, const char *at)
{
	const char *end;
	const char *inside = gatling_inside(in->source, at, &end);
	if (!inside)
		return (double)NAN;
	return gatling_number(in->source, inside, end);
}

/* Where a bare word of Scala ends: at the next one. */
static const char *bare_end(const char *at, const char *end)
{
	static const char *const later[] = {
			" during",
			" to ",
			" randomized",
			" separatedBy",
	};
	for (size_t i = 0; i < COUNT_OF(later); i++) {
		const char *stop = strstr(at, later[i]);
		if (stop && stop < end)
			end = stop;
	}
	return end;
}

/* A step: what stands from its name to the comma behind it. */
struct injection_step {
	const char *at;
	const char *end;
};

/* What follows "during", "to" … : in parentheses, or bare as Scala lets it. */
static const char *operand(const struct injection *in,
		const struct injection_step *step,
		const char *word,
		const char **ret_end)
{
	const char *c = strstr(step->at, word);
	for (; c && c < step->end; c = strstr(c + 1, word)) {
		const char *next = c + strlen(word);
		if (!strchr(". \n\t", c[-1]) || !strchr(" (\t\n", *next))
			continue;
		next += strspn(next, " \t\n");
		if (*next == '(')
			return gatling_inside(in->source, next, ret_end);
		*ret_end = bare_end(next, step->end);
		return next;
	}
	return NULL;
}

static double number_of_word(const struct injection *in,
		const struct injection_step *step,
		const char *word)
{
	const char *close;
	const char *inside = operand(in, step, word, &close);
	if (!inside)
		return (double)NAN;
	return gatling_number(in->source, inside, close);
}

static double time_of_word(const struct injection *in,
		const struct injection_step *step,
		const char *word)
{
	const char *close;
	const char *inside = operand(in, step, word, &close);
	if (!inside)
		return (double)NAN;
	return gatling_time(in->source, inside, close);
}

static void do_nothing(struct injection *in, const struct injection_step *step)
{
	const char *close;
	const char *inside = gatling_inside(in->source, step->at, &close);
	if (inside)
		add_injection_part(in, gatling_time(in->source, inside, close), 0, 0, false);
}

static void do_at_once(struct injection *in, const struct injection_step *step)
{
	double users = number_after(in, step->at);
	add_injection_part(in, at_once_s, users / at_once_s, users / at_once_s, false);
	in->simulation->at_once += users;
}

static void do_ramp_users(struct injection *in, const struct injection_step *step)
{
	double users = number_after(in, step->at);
	double seconds = time_of_word(in, step, "during");
	if (isnan(seconds))
		seconds = time_of_word(in, step, "over");
	if (seconds <= 0)
		seconds = at_once_s;
	add_injection_part(in, seconds, users / seconds, users / seconds, false);
}

/* A smooth step: twice the mean rate in its middle, at the most (HeavisideInjection). */
static void do_stress_peak(struct injection *in, const struct injection_step *step)
{
	static const double peak = 2;
	double users = number_after(in, step->at);
	double seconds = time_of_word(in, step, "during");
	add_injection_part(in, seconds / 2, 0, peak * users / seconds, false);
	add_injection_part(in, seconds / 2, peak * users / seconds, 0, false);
}

static void do_constant_rate(struct injection *in, const struct injection_step *step)
{
	double rate = number_after(in, step->at);
	add_injection_part(in, time_of_word(in, step, "during"), rate, rate, false);
}

static void do_ramp_rate(struct injection *in, const struct injection_step *step)
{
	double rate = number_after(in, step->at);
	double to = number_of_word(in, step, "to");
	add_injection_part(in, time_of_word(in, step, "during"), rate, to, false);
}

static void do_constant_users(struct injection *in, const struct injection_step *step)
{
	double users = number_after(in, step->at);
	add_injection_part(in, time_of_word(in, step, "during"), users, users, true);
}

static void do_ramp_concurrent(struct injection *in, const struct injection_step *step)
{
	double users = number_after(in, step->at);
	double to = number_of_word(in, step, "to");
	add_injection_part(in, time_of_word(in, step, "during"), users, to, true);
}

/* Levels, with ramps between them where it says so. */
static void increment(struct injection *in, const struct injection_step *step, bool closed)
{
	double each = number_after(in, step->at);
	double times = number_of_word(in, step, "times");
	double level_s = time_of_word(in, step, "eachLevelLasting");
	double ramp_s = time_of_word(in, step, "separatedByRampsLasting");
	double level = number_of_word(in, step, "startingFrom");
	if (isnan(level))
		level = 0;
	if (!(times <= GATLING_PARTS_MAX / 2.0)) {
		in->simulation->unknown = true;
		return;
	}
	const unsigned levels = (unsigned)ceil(fmax(times, 0));
	for (unsigned i = 0; i < levels; i++) {
		double next = level + each;
		if (!isnan(ramp_s) && (i > 0 || level > 0))
			add_injection_part(in, ramp_s, level, next, closed);
		add_injection_part(in, level_s, next, next, closed);
		level = next;
	}
}

static void do_increment_rate(struct injection *in, const struct injection_step *step)
{
	increment(in, step, false);
}

static void do_increment_users(struct injection *in, const struct injection_step *step)
{
	increment(in, step, true);
}

static const struct {
	const char *name;
	void (*read)(struct injection *in, const struct injection_step *step);
} steps[] = {
		{"nothingFor", do_nothing},
		{"atOnceUsers", do_at_once},
		{"rampUsersPerSec", do_ramp_rate},
		{"rampUsers", do_ramp_users},
		{"stressPeakUsers", do_stress_peak},
		{"heavisideUsers", do_stress_peak},
		{"constantUsersPerSec", do_constant_rate},
		{"constantConcurrentUsers", do_constant_users},
		{"rampConcurrentUsers", do_ramp_concurrent},
		{"incrementUsersPerSec", do_increment_rate},
		{"incrementConcurrentUsers", do_increment_users},
};

/* Does nothing but the name of its class stand before the call? */
static bool begins_there(const char *at, const char *call)
{
	static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.";
	return at + strspn(at, names) >= call;
}

static void read_injection_step(struct injection *in, const char *at, const char *end)
{
	at += strspn(at, " \t\r\n");
	if (at >= end)
		return;
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		const char *call = gatling_call(in->source, at, steps[i].name);
		if (!call || call >= end || !begins_there(at, call))
			continue;
		const struct injection_step step = {call, end};
		steps[i].read(in, &step);
		return;
	}
	in->simulation->unknown = true;
}

static void read_injection_steps(struct injection *in, const char *at, const char *end)
{
	while (at < end) {
		const char *comma = gatling_argument_end(in->source, at, end);
		read_injection_step(in, at, comma);
		at = comma + 1;
	}
}

/* Does this scenario begin when those before it are done? */
static bool is_after(const struct gatling_text *source, const char *call)
{
	const char *at = gatling_call(source, NULL, "andThen");
	const char *end;
	for (; at && at < call; at = gatling_call(source, at + 1, "andThen"))
		if (gatling_inside(source, at, &end) && end > call)
			return true;
	return false;
}

void gatling_injection(struct gatling_simulation *simulation)
{
	static const char *const calls[] = {"inject", "injectOpen", "injectClosed"};
	const struct gatling_text *source = simulation->source;
	double end_s = 0;
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		const char *call = NULL;
		const char *end;
		while ((call = gatling_call(source, call, calls[i]))) {
			struct injection in = {simulation, source, 0};
			const char *inside = gatling_inside(source, call, &end);
			if (!inside)
				break;
			if (!simulation->injected_at)
				simulation->injected_at = gatling_where(source, call);
			if (is_after(source, call))
				in.now_s = end_s;
			read_injection_steps(&in, inside, end);
			end_s = fmax(end_s, in.now_s);
			call = end;
		}
	}
}
