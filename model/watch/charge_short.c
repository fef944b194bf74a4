/* Less load than the plan knows exactly. A tool can lose connections without any counter (connect()
 * without a port, socket() without a descriptor), so what was seen is compared with the plan. What
 * the plan knows as a bound or an estimate is compared, and never convicts. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/watch/command_run.h"

/* Fewer connections than planned, from here on and by more than one: worth a word. */
static const double short_ratio = 0.98;
/* Long-lived connections stay longer than this on average. */
static const double stay_s = 5;
/* Of shorter runs no sample may show all at one time; then what was opened counts. Nor is a rate
 * told from them. */
static const double brief_s = 1;
/* Connections that are gone for this part of the run were lost, not merely made anew. */
static const double gone_part = 0.2;
/* Made anew: this many times the connections planned at one time. */
static const double anew_ratio = 3;
static const double others_part = 0.05;
/* Attempts that fail: from this part of all on, and at least so many. */
static const double lost_ratio = 0.01, lost_least = 2;

static const struct workload_value *command_value(const struct certify_input *input,
		enum workload_field field)
{
	return &result_load(input->plan)->values[field];
}

static bool says_exactly(const struct workload_value *value)
{
	return value->set && !value->assumed && value->confidence == CONFIDENCE_EXACT;
}

static bool stays(const struct certify_input *input)
{
	const struct workload_value *live = command_value(input, W_CONNECTIONS);
	const struct load_point point = run_point(input->plan);
	return live->set && !live->assumed && point.connections > point.open_rate_per_s * stay_s;
}

/* --- connections
 * ----------------------------------------------------------------------------------- */

/* Connections that the peer ends in order are made anew all the time: a look finds some of them
 * missing, and none is lost. Attempts that failed made nothing; what was reset was lost. The
 * kernel counts for all programs: where looks found others' new connections, many more of these may
 * have come and gone, and nothing is told from that. */
static bool are_made_anew(const struct certify_input *input, const struct compared *live)
{
	double failed = observations_growth(input->seen, O_ATTEMPT_FAILS);
	double reset = observations_growth(input->seen, O_RESETS);
	double others = observations_growth(input->seen, O_OTHERS_OPENED);
	double made = run_opened(input) - fmax(failed, 0);
	if (others > made * others_part)
		return false;
	return made > anew_ratio * live->predicted && !(reset > made * lost_ratio);
}

static const char *count_text(struct arena *arena, double count)
{
	return run_figure(arena, count, UNIT_COUNT);
}

/* The most that it held at one time. */
static double held(const struct certify_input *input, const struct compared *live)
{
	double most = live->seen;
	if (input->run_s < brief_s)
		most = fmax(most, run_opened(input));
	return most;
}

static void convict_short(struct arena *arena,
		const struct certify_input *input,
		struct charge *charge,
		const char *what,
		const struct short_of *numbers)
{
	const char *remarks = numbers->remarks;
	if (charge->sentence)
		return;
	charge->sentence = arena_printf(arena,
			"The run made less load than planned: %s (%s; at least %s is needed)%s.",
			what,
			run_figure(arena, numbers->seen / numbers->planned, UNIT_RATIO),
			run_figure(arena, input->min_reached, UNIT_RATIO),
			remarks);
	charge->fix = "Check what the load test itself reports, and whether its target accepts "
				  "and keeps that many connections.";
	charge_add(charge, "seen", numbers->seen, numbers->unit);
	charge_add(charge, "planned", numbers->planned, numbers->unit);
	charge_add(charge, "needed", input->min_reached, UNIT_RATIO);
}

/* "; 50 of 100 attempts to connect failed: refused, or no answer". */
static const char *attempts_text(struct arena *arena, const struct certificate *out)
{
	for (size_t i = 0; i < out->remark_count; i++)
		if (!strcmp(out->remarks[i].id, "attempts-failed"))
			return arena_printf(arena, "; %s", out->remarks[i].text);
	return "";
}

/* "400 of 400 connections", "98/s of 100/s new connections". */
static const char *share_text(struct arena *arena, const struct short_of *numbers, const char *what)
{
	return arena_printf(arena,
			"%s of %s %s",
			run_figure(arena, numbers->seen, numbers->unit),
			run_figure(arena, numbers->planned, numbers->unit),
			what);
}

/* What was compared with the plan, whether it was too little or not. The smaller share counts. */
static void check_share(struct certificate *out, const char *text, const struct short_of *numbers)
{
	struct charge_check *check = &out->charges[CHARGE_SHORT].check;
	double reached = numbers->seen / numbers->planned;
	if (!(reached >= 0) || (check->known && check->measured <= reached))
		return;
	check->known = true;
	check->measured = reached;
	check->seen = text;
}

static void allow_short(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const char *least = run_figure(arena, input->min_reached, UNIT_RATIO);
	out->charges[CHARGE_SHORT].check = (struct charge_check){
			.measured = (double)NAN,
			.threshold = input->min_reached,
			.unit = UNIT_RATIO,
			.allowed = arena_printf(arena, "at least %s of the plan", least),
	};
}

static void look_for_missing(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const struct compared *live = &out->compared[0];
	double most = held(input, live);
	bool sure = says_exactly(command_value(input, W_CONNECTIONS));
	if (live->seen > live->predicted / short_ratio && live->seen - live->predicted > 1 && sure)
		certify_remark(out,
				"connections-more",
				false,
				arena_printf(arena,
						"it had %s connections open instead of the planned %s",
						count_text(arena, live->seen),
						count_text(arena, live->predicted)));
	const struct short_of numbers = {
			most,
			live->predicted,
			UNIT_COUNT,
			attempts_text(arena, out),
	};
	/* Those that are made anew all the time cannot be counted at one time. */
	bool few = most < live->predicted * input->min_reached;
	if (sure && !(few && are_made_anew(input, live)))
		check_share(out, share_text(arena, &numbers, "connections"), &numbers);
	if (!(most < live->predicted * short_ratio) || !(live->predicted - most > 1))
		return;
	const char *text = arena_printf(arena,
			"it had %s of the %s planned connections open",
			count_text(arena, most),
			count_text(arena, live->predicted));
	bool lost = sure && most < live->predicted * input->min_reached && !are_made_anew(input, live);
	if (sure || command_value(input, W_CONNECTIONS)->confidence == CONFIDENCE_BOUND)
		certify_remark(out, "connections-missing", lost, text);
	if (lost)
		convict_short(arena, input, &out->charges[CHARGE_SHORT], text, &numbers);
}

/* How long a plan that holds its connections until the end had less than it should. */
struct gap {
	double least, at_s; /* the fewest, and when */
	double too_few_s;   /* fewer than min_reached of the plan */
};

/* The last two samples are left out: the tool may be ending. */
static struct gap find_connection_gap(const struct certify_input *input,
		double peak,
		double planned)
{
	const struct observations *seen = input->seen;
	const struct workload_value *duration = command_value(input, W_DURATION);
	struct gap gap = {.least = peak};
	bool there = false;
	/* What follows after the load's own time is not the load. */
	double end_s = input->run_s;
	if (duration->set && !duration->assumed)
		end_s = fmin(end_s, duration->number);
	for (size_t i = 1; i + 2 < seen->count; i++) {
		const struct observation *now = &seen->items[i];
		double live = now->values[run_live_of(input)];
		there |= live >= peak;
		if (!there || isnan(live))
			continue;
		if (now->t_s > end_s)
			break;
		if (live < gap.least) {
			gap.least = live;
			gap.at_s = now->t_s;
		}
		if (live < planned * input->min_reached)
			gap.too_few_s += seen->items[i + 1].t_s - now->t_s;
	}
	return gap;
}

static void look_for_dropped(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const struct compared *live = &out->compared[0];
	const struct gap gap = find_connection_gap(input, live->seen, live->predicted);
	bool until_end = says_exactly(command_value(input, W_DURATION));
	bool exact = says_exactly(command_value(input, W_CONNECTIONS));
	bool to_stay = until_end && exact && !are_made_anew(input, live);
	bool lost = to_stay && gap.too_few_s > gone_part * input->run_s;
	if (result_load(input->plan)->stage_count || !(gap.least < live->seen * 0.9) ||
			!(live->seen - gap.least > 1))
		return;
	const char *text = arena_printf(arena,
			"%s of its %s connections had ended after %s",
			count_text(arena, live->seen - gap.least),
			count_text(arena, live->seen),
			run_figure(arena, gap.at_s, UNIT_SECONDS));
	const struct short_of numbers = {gap.least, live->predicted, UNIT_COUNT, ""};
	certify_remark(out, "connections-dropped", lost, text);
	if (lost)
		check_share(out, share_text(arena, &numbers, "connections"), &numbers);
	if (lost)
		convict_short(arena, input, &out->charges[CHARGE_SHORT], text, &numbers);
}

static void look_at_attempts(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	double failed = observations_growth(input->seen, O_ATTEMPT_FAILS);
	double tried = observations_growth(input->seen, O_OPENS);
	if (run_is_server(input) || !(failed >= lost_least) || !(failed >= tried * lost_ratio))
		return;
	certify_remark(out,
			"attempts-failed",
			true,
			arena_printf(arena,
					"%s of %s attempts to connect failed: refused, or no answer",
					count_text(arena, failed),
					count_text(arena, tried)));
}

/* --- the rate
 * -------------------------------------------------------------------------------------- */

static void look_at_rate(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const struct workload_value *rate = command_value(input, W_OPEN_RATE);
	const struct compared *opened = &out->compared[2];
	bool judged = says_exactly(rate) && !result_load(input->plan)->stage_count;
	double seen_per_s = run_opened(input) / input->run_s;
	if (!judged || stays(input) || run_is_udp(input) || input->run_s < brief_s)
		return;
	const struct short_of numbers = {
			seen_per_s,
			opened->predicted,
			UNIT_PER_S,
			attempts_text(arena, out),
	};
	check_share(out, share_text(arena, &numbers, "new connections"), &numbers);
	if (!(seen_per_s < opened->predicted * input->min_reached))
		return;
	const char *text = arena_printf(arena,
			"it opened %s connections per second instead of the planned %s",
			run_figure(arena, seen_per_s, UNIT_COUNT),
			run_figure(arena, opened->predicted, UNIT_COUNT));
	convict_short(arena, input, &out->charges[CHARGE_SHORT], text, &numbers);
}

/* --- the end
 * --------------------------------------------------------------------------------------- */

/* SIGINT and SIGTERM: it was told to end. Of a shell's child the shell tells the signal. */
static int killed_by(const struct certify_input *input)
{
	enum {
		INTERRUPT = 2,
		TERMINATE = 15,
		SHELL = 128,
		LAST = 31
	};
	int signal = input->signal;
	if (!signal && input->status > SHELL && input->status <= SHELL + LAST)
		signal = input->status - SHELL;
	if (signal == INTERRUPT || signal == TERMINATE)
		return 0;
	return signal;
}

/* One that was killed did not run what was planned, if that was to last longer. */
static void look_at_end(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	int signal = killed_by(input);
	double planned_s = (double)NAN;
	if (!signal)
		return;
	if (input->plan && command_value(input, W_DURATION)->set)
		planned_s = command_value(input, W_DURATION)->number;
	bool early = !(input->run_s >= planned_s * input->min_reached);
	certify_remark(out, "killed", early, arena_printf(arena, "signal %d ended it", signal));
	struct charge *charge = &out->charges[CHARGE_SHORT];
	if (!early || charge->sentence)
		return;
	charge->check.known = true;
	charge->check.measured = input->run_s / planned_s;
	charge->check.seen = arena_printf(arena,
			"signal %d ended it after %s",
			signal,
			run_figure(arena, input->run_s, UNIT_SECONDS));
	charge->sentence = arena_printf(arena,
			"The run did not finish: signal %d ended it after %s.",
			signal,
			run_figure(arena, input->run_s, UNIT_SECONDS));
	charge->fix = "Find out what ended it. Signal 9 may come from the kernel when memory "
				  "runs out; the kernel log says so.";
	charge_add(charge, "seen", input->run_s, UNIT_SECONDS);
	charge_add(charge, "planned", planned_s, UNIT_SECONDS);
}

void charge_short(struct arena *arena, const struct certify_input *input, struct certificate *out)
{
	const struct compared *live = &out->compared[0];
	allow_short(arena, input, out);
	look_at_attempts(arena, input, out);
	if (input->plan && !isnan(live->seen) && !isnan(live->predicted)) {
		if (stays(input)) {
			look_for_missing(arena, input, out);
			look_for_dropped(arena, input, out);
		}
		look_at_rate(arena, input, out);
	}
	look_at_end(arena, input, out);
}
