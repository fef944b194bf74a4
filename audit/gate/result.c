/* From what happened to the one word that says it. */
#include <signal.h>
#include <string.h>

#include "audit/cli/command.h"
#include "audit/gate/gate.h"

bool gate_is_hypothetical(const struct gate *gate)
{
	return facts_are_hypothetical(gate->result->facts);
}

bool gate_is_excused(const struct gate *gate)
{
	return !gate_is_hypothetical(gate) && baseline_excuses(&gate->baseline, gate->result->verdict);
}

/* What is new decides; where a verdict has no limit to show, the verdict does. */
static int exit_of_refusal(const struct gate *gate)
{
	const struct baseline_limits *newly = &gate->baseline.newly;
	for (size_t i = 0; i < newly->count; i++)
		if (newly->items[i].status == STATUS_FAIL)
			return EXIT_GATE_FAIL;
	if (newly->count > 0 || gate->result->verdict != VERDICT_FAIL)
		return EXIT_GATE_UNKNOWN;
	return EXIT_GATE_FAIL;
}

struct gate_result gate_refused(const struct gate *gate)
{
	struct gate_result result = {
			.verdict = verdict_name(gate->result->verdict),
			.exit = exit_of_refusal(gate),
	};
	if (gate->result->verdict != VERDICT_PASS)
		return result;
	/* It would fit, but on a host that is only assumed. */
	result.verdict = "not-run";
	result.reason = "hypothetical";
	result.exit = EXIT_GATE_BROKEN;
	return result;
}

/* Not certified for a reason that was none before, or without --against for any. */
static bool is_newly_not_certified(const struct gate *gate)
{
	if (!gate->watched || is_certified(&gate->certificate))
		return false;
	return gate->baseline.run != BASELINE_RUN_KNOWN;
}

static int exit_of_run(const struct gate *gate)
{
	bool strict = strcmp(gate->options->gate.certify, "strict") == 0;
	if (gate->end.timed_out)
		return EXIT_GATE_TIMED_OUT;
	/* Who ended it by Ctrl-C is to see that, and so is the shell's loop around it. */
	if (gate->end.signal == SIGINT)
		return gate->end.status;
	if (strict && is_newly_not_certified(gate))
		return EXIT_GATE_NOT_CERTIFIED;
	return gate->end.status;
}

struct gate_result gate_ended(const struct gate *gate)
{
	struct gate_result result = {
			.verdict = verdict_name(gate->result->verdict),
			.exit = exit_of_run(gate),
	};
	if (!gate->watched)
		return result;
	result.verdict = "certified";
	if (is_certified(&gate->certificate))
		return result;
	result.verdict = "not-certified";
	result.reason = charge_name(gate->certificate.reason);
	return result;
}

cJSON *gate_result_json(const struct members *put, const struct gate_result *result)
{
	cJSON *run = cJSON_CreateObject();
	member_text(put, run, "verdict", result->verdict);
	member_text(put, run, "reason", result->reason);
	member_number(run, "exit", result->exit);
	return run;
}
