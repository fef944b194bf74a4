/* The command wanted to run and could not: another program had the processors, or a quota of its
 * control group was used up. What it used itself says nothing of that: the more it waits, the less
 * it uses. */
#include <math.h>

#include "base/text.h"
#include "model/watch/command_run.h"

/* So short a wait happens on a quiet host as well. */
static const double least_s = 0.02;
/* From this part of the processor time on it is said that threads were not seen. */
static const double unseen_part = 0.25, unseen_least_s = 0.2;

static bool is_starved(const struct certify_input *input, double wait_s)
{
	return wait_s > least_s && wait_s > input->max_cpu_wait * input->run_s;
}

static void add_wait_figures(const struct certify_input *input,
		struct charge *charge,
		double wait_s)
{
	charge_add(charge, "waited", wait_s, UNIT_SECONDS);
	charge_add(charge, "run", input->run_s, UNIT_SECONDS);
	charge_add(charge, "share", wait_s / input->run_s, UNIT_RATIO);
	charge_add(charge, "allowed", input->max_cpu_wait, UNIT_RATIO);
}

/* "3.2 s of 10 s (32%; 5% is allowed)". */
static const char *part_text(struct arena *arena, const struct certify_input *input, double wait_s)
{
	return arena_printf(arena,
			"%s of %s (%s; %s is allowed)",
			run_figure(arena, wait_s, UNIT_SECONDS),
			run_figure(arena, input->run_s, UNIT_SECONDS),
			run_figure(arena, wait_s / input->run_s, UNIT_RATIO),
			run_figure(arena, input->max_cpu_wait, UNIT_RATIO));
}

/* Threads that ended between two looks are not seen: what they waited is not known. True: all is
 * known. */
static bool remark_unseen(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	double all_s = observations_growth(input->seen, O_CPU_S);
	double unseen_s = observations_growth(input->seen, O_CPU_UNSEEN_S);
	if (isnan(observations_growth(input->seen, O_CPU_WAIT_S))) {
		certify_remark(out,
				"cpu-wait-unknown",
				false,
				"this kernel does not report how long threads wait for a CPU, so "
				"headroom did not check it");
		return false;
	}
	if (!(unseen_s >= unseen_least_s) || !(unseen_s >= unseen_part * all_s))
		return true;
	certify_remark(out,
			"cpu-wait-unseen",
			false,
			arena_printf(arena,
					"threads that ended between two samples used %s of its %s of CPU time; "
					"how long they waited for a CPU is not known",
					run_figure(arena, unseen_s, UNIT_SECONDS),
					run_figure(arena, all_s, UNIT_SECONDS)));
	return false;
}

/* Waits, and the rests that a quota forces: the longer one. */
static void check_starved(struct arena *arena,
		const struct certify_input *input,
		struct charge *charge,
		double longest_s,
		bool all_seen)
{
	double allowed = fmax(input->max_cpu_wait, least_s / input->run_s);
	const char *least = all_seen ? "" : "at least ";
	charge->check = (struct charge_check){
			.known = all_seen && longest_s >= 0,
			.measured = longest_s / input->run_s,
			.threshold = allowed,
			.unit = UNIT_RATIO,
			.allowed = arena_printf(arena,
					"up to %s of the run",
					run_figure(arena, allowed, UNIT_RATIO)),
	};
	if (longest_s >= 0)
		charge->check.seen = arena_printf(arena,
				"%s%s of the run",
				least,
				run_figure(arena, longest_s / input->run_s, UNIT_RATIO));
}

/* What it used itself is nearly all that there is: its own threads wait for each other. */
static bool waits_for_itself(const struct certify_input *input)
{
	const double nearly = 0.8;
	const struct watched_limit *cpu = watched_find(input->limits, "cpu");
	double cores = observations_growth(input->seen, O_CPU_S) / input->run_s;
	return cpu && cores >= nearly * cpu->capacity;
}

static const char *cpus_text(struct arena *arena, double cpus)
{
	if (cpus == 1)
		return "1 CPU";
	return arena_printf(arena, "%s CPUs", run_figure(arena, cpus, UNIT_COUNT));
}

/* A tool with more threads than processors may be in its own way. */
static const char *starved_fix(struct arena *arena, const struct certify_input *input)
{
	double threads = observations_peak(input->seen, O_OWN_THREADS, NULL);
	const struct facts *facts = input->plan->facts;
	double cpus = (double)NAN;
	const char *fewer = "";
	if (waits_for_itself(input))
		return "Its own threads compete for the CPUs. Give it fewer threads, or a host "
			   "with more CPUs.";
	if (facts)
		cpus = facts_number(facts, "host.cpus");
	if (threads > cpus + 1)
		fewer = arena_printf(arena,
				"start it with fewer threads (it had %s for %s), ",
				run_figure(arena, threads, UNIT_COUNT),
				cpus_text(arena, cpus));
	return arena_printf(arena,
			"Stop or move the other programs on its CPUs, give it other CPUs "
			"(taskset -c), %sor run the load test on another host.",
			fewer);
}

void charge_starved(struct arena *arena, const struct certify_input *input, struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_STARVED];
	double wait_s = observations_growth(input->seen, O_CPU_WAIT_S);
	double throttled_s = observations_growth(input->seen, O_THROTTLED_S);
	if (is_starved(input, throttled_s)) {
		charge->sentence = arena_printf(arena,
				"The command got too little CPU time: the CPU quota of its control group "
				"stopped it for %s.",
				part_text(arena, input, throttled_s));
		charge->fix = "Raise the quota (cpu.max, --cpus, resources.limits.cpu), or run the "
					  "load test without a quota.";
		add_wait_figures(input, charge, throttled_s);
	} else if (is_starved(input, wait_s)) {
		charge->sentence = arena_printf(arena,
				"The command got too little CPU time: one of its threads waited for a CPU "
				"for %s.",
				part_text(arena, input, wait_s));
		charge->fix = starved_fix(arena, input);
		add_wait_figures(input, charge, wait_s);
	}
	bool all_seen = remark_unseen(arena, input, out);
	check_starved(arena, input, charge, fmax(wait_s, throttled_s), all_seen);
}
