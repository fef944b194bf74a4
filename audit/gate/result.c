/* From what happened to the one word that says it. */
#include <signal.h>
#include <string.h>

#include "audit/cli/command.h"
#include "audit/gate/gate.h"

bool gate_is_hypothetical(const struct gate *gate)
{
	return facts_are_hypothetical(gate->result->facts);
}

struct gate_result gate_refused(const struct gate *gate)
{
	struct gate_result result = {
			.verdict = verdict_name(gate->result->verdict),
			.exit = EXIT_GATE_UNKNOWN,
	};
	if (gate->result->verdict == VERDICT_FAIL)
		result.exit = EXIT_GATE_FAIL;
	if (gate->result->verdict != VERDICT_PASS)
		return result;
	/* It would fit, but on a host that is only assumed. */
	result.verdict = "not-run";
	result.reason = "hypothetical";
	result.exit = EXIT_GATE_BROKEN;
	return result;
}

static int exit_of_run(const struct gate *gate)
{
	bool strict = strcmp(gate->options->gate.certify, "strict") == 0;
	if (gate->end.timed_out)
		return EXIT_GATE_TIMED_OUT;
	/* Who ended it by Ctrl-C is to see that, and so is the shell's loop around it. */
	if (gate->end.signal == SIGINT)
		return gate->end.status;
	if (strict && gate->watched && !is_certified(&gate->certificate))
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
