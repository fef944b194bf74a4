/* headroom fleet: one verdict for many hosts. */
#include "audit/fleet/fleet.h"

#include <string.h>

#include "audit/cli/foreign.h"
#include "audit/command/fleet_emit.h"
#include "audit/command/fleet_keep.h"
#include "audit/command/fleet_show.h"
#include "base/os/json.h"

static volatile sig_atomic_t fleet_signal;

static void fleet_interrupted(int signal)
{
	fleet_signal = signal;
}

/* Reading ends at the next host, so that what was unpacked is deleted. */
static void fleet_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = fleet_interrupted};
	struct sigaction before;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &action, NULL);
	}
}

/* Ends as the signal would have ended it. */
static void die_of_signal(void)
{
	if (!fleet_signal)
		return;
	(void)signal(fleet_signal, SIG_DFL);
	(void)raise(fleet_signal);
}

static bool fleet_judge(struct fleet_run *fleet, struct error *err)
{
	if (!fleet_open(fleet, err))
		return false;
	if (fleet->looks_first && !fleet_discover(fleet, err))
		return false;
	if (!fleet_divide(fleet, err) || !fleet_judge_all(fleet, err))
		return false;
	fleet_measure_capacities(fleet);
	if (fleet_by_capacity(fleet) && !fleet_signal) {
		fleet_judge_anew(fleet);
		if (!fleet_divide(fleet, err) || !fleet_judge_all(fleet, err))
			return false;
	}
	fleet->stopped = fleet_signal != 0;
	fleet_classify(fleet);
	return true;
}

bool command_fleet(const struct run *run, int *ret_exit, struct error *err)
{
	struct outputs outputs;
	__attribute__((cleanup(fleet_close))) struct fleet_run fleet = {
			.run = run,
			.stop = &fleet_signal,
	};
	if (!outputs_parse(run->arena, &run->options->outputs, fleet_formats, &outputs, err))
		return false;
	if (!outputs_template(run->arena, &outputs, run->options->template_dir, err))
		return false;
	if (!fleet_emit_check(run->options, err))
		return false;
	fleet_catch_signals();
	if (!fleet_judge(&fleet, err))
		return false;
	if (!run->options->quiet)
		foreign_say_left(run->arena, run->foreign);
	__attribute__((cleanup(json_close_tree))) cJSON *document = fleet_document(&fleet);
	if (!fleet_look_back(run, document, err) || !fleet_emit(run, document, err) ||
			!fleet_show(run, document, &outputs, ret_exit, err))
		return false;
	if (!fleet.stopped)
		fleet_keep(run, document);
	die_of_signal();
	return true;
}
