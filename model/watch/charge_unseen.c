/* The load ran where headroom cannot look: then nothing that was seen says anything about it. Also
 * what the kernel alone shows of errors, where no result of the tool was read. */
#include <math.h>

#include "base/text.h"
#include "model/watch/command_run.h"

static const char elsewhere_fix[] =
		"Run headroom gate where the load runs, on each of those hosts.";

/* The most connections of the command at one time; NAN: sockets could not be counted. */
static double live_peak(const struct certify_input *input)
{
	return observations_peak(input->seen, run_live_of(input), NULL);
}

/* What the plan wants until the end of the run. NAN: not known. */
static double live_planned(const struct certify_input *input)
{
	if (!input->plan)
		return (double)NAN;
	return run_most_until(&input->plan->timeline, run_series(input->plan).live, input->run_s);
}

/* A program that runs others elsewhere is no reason where the whole load was seen here. */
static bool is_load_seen(const struct certify_input *input)
{
	double planned = live_planned(input);
	if (!(planned > 0))
		return false;
	return live_peak(input) >= planned * input->min_reached;
}

static bool is_run_elsewhere(const struct certify_input *input)
{
	return input->elsewhere && *input->elsewhere;
}

static bool is_nothing_seen(const struct certify_input *input)
{
	double opened = run_opened(input);
	return live_peak(input) == 0 && !(opened > 0) && live_planned(input) > 0;
}

static bool is_run_to_its_end(const struct certify_input *input)
{
	const struct workload *load = result_load(input->plan);
	const struct workload_value *duration = &load->values[W_DURATION];
	if (!duration->set)
		return false;
	return input->run_s >= duration->number * input->min_reached;
}

/* The command ended and what it started goes on: the connections that it has then, if they
 * are not few of those that it had. 0: none. */
static double live_after_end(const struct certify_input *input)
{
	const double most_part = 0.5;
	const struct observations *seen = input->seen;
	if (!seen->count || !input->plan)
		return 0;
	if (run_is_server(input) || is_run_to_its_end(input))
		return 0;
	const double *last = seen->items[seen->count - 1].values;
	double live = last[O_LIVE];
	if (!(last[O_PROCESSES] >= 1))
		return 0;
	if (!(live >= live_peak(input) * most_part))
		return 0;
	if (last[O_UNSURE] >= live)
		return 0;
	return live;
}

static void check_unseen(struct arena *arena,
		const struct certify_input *input,
		struct charge *charge)
{
	double live = live_peak(input);
	charge->check = (struct charge_check){
			.known = live > 0 || run_opened(input) > 0,
			.measured = live,
			.threshold = (double)NAN,
			.unit = UNIT_COUNT,
			.allowed = "all of its sockets, until the load ended",
	};
	if (input->blind || isnan(live))
		return;
	charge->check.seen = arena_printf(arena,
			"its connections, %s at the peak",
			run_figure(arena, live, UNIT_COUNT));
}

/* Nothing was measured for it; what is allowed stays. */
static void forget_check(struct charge_check *check)
{
	check->known = false;
	check->measured = (double)NAN;
	check->seen = NULL;
}

/* What cannot be seen is not known to be too little. */
static void acquit_short(struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_SHORT];
	*charge = (struct charge){.check = charge->check};
	forget_check(&charge->check);
}

void charge_unseen(struct arena *arena, const struct certify_input *input, struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_UNSEEN];
	if (input->blind) {
		charge->sentence = "headroom could not see the load: it ran in another network namespace, "
						   "which headroom could not enter.";
		charge->fix = "Run headroom gate as root, or inside that network namespace.";
	} else if (isnan(live_peak(input))) {
		charge->sentence =
				"headroom could not see the load: it could not count the sockets of this "
				"host.";
		charge->fix = "Run headroom gate where netlink sockets (sock_diag) are allowed.";
	} else if (input->given && input->given[CHARGE_UNSEEN].sentence) {
		*charge = input->given[CHARGE_UNSEEN];
	} else if (is_run_elsewhere(input) && !is_load_seen(input)) {
		charge->sentence = arena_printf(arena,
				"headroom could not see the load: %s ran it elsewhere. On this host it "
				"had %s open.",
				input->elsewhere,
				run_connections(arena, live_peak(input)));
		charge->fix = elsewhere_fix;
	} else if (live_after_end(input) > 0) {
		charge->sentence = arena_printf(arena,
				"headroom did not see the end of the load: the command ended after %s, "
				"but its child processes kept %s open.",
				run_figure(arena, input->run_s, UNIT_SECONDS),
				run_connections(arena, live_after_end(input)));
		charge->fix = "Make the command wait for the load test it starts (use wait, or no &).";
	} else if (is_nothing_seen(input) && !out->charges[CHARGE_SHORT].sentence) {
		charge->sentence = "headroom saw no load: the command opened no connection here.";
		charge->fix = elsewhere_fix;
	}
	check_unseen(arena, input, charge);
	if (!charge->sentence)
		return;
	charge_add(charge, "live", live_peak(input), UNIT_COUNT);
	charge_add(charge, "planned", live_planned(input), UNIT_COUNT);
	acquit_short(out);
}

/* Nearly all that it tried failed, and no connection of it was ever there. */
void charge_errors(struct arena *arena, const struct certify_input *input, struct certificate *out)
{
	const double least = 2, nearly = 0.9;
	struct charge *charge = &out->charges[CHARGE_ERRORS];
	double tried = run_opened(input);
	double failed = observations_growth(input->seen, O_ATTEMPT_FAILS);
	if (input->given)
		*charge = input->given[CHARGE_ERRORS];
	if (charge->sentence)
		return;
	double there = observations_peak(input->seen, O_LIVE, NULL);
	bool none = failed >= least && failed >= nearly * tried;
	if (run_is_server(input) || !none)
		return;
	if (there > 0)
		return;
	double all = fmax(tried, failed);
	charge->sentence = arena_printf(arena,
			"The command got no connection: %s of %s attempts were refused or got no "
			"answer.",
			run_figure(arena, failed, UNIT_COUNT),
			run_figure(arena, all, UNIT_COUNT));
	charge->fix = "Check that the target listens, and that this host can reach it.";
	charge->check = (struct charge_check){
			.known = true,
			.measured = failed / all,
			.threshold = nearly,
			.unit = UNIT_RATIO,
			.seen = arena_printf(arena,
					"%s of its connections failed",
					run_figure(arena, failed / all, UNIT_RATIO)),
			.allowed = arena_printf(arena, "less than %s", run_figure(arena, nearly, UNIT_RATIO)),
	};
	charge_add(charge, "failed", failed, UNIT_COUNT);
	charge_add(charge, "tried", tried, UNIT_COUNT);
}
