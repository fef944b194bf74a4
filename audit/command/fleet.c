/* headroom fleet: one verdict for many hosts. */
#include "audit/fleet/fleet.h"

#include <string.h>

#include "audit/cli/foreign.h"
#include "audit/cli/screen.h"
#include "audit/output/redact.h"
#include "audit/output/view.h"
#include "base/os/json.h"
#include "report/document/verdict.h"
#include "report/write/write.h"

enum {
	FLEET_FORMATS = FORMATS_TEXT_JSON | 1 << FORMAT_JUNIT | 1 << FORMAT_MARKDOWN |
			1 << FORMAT_PROMETHEUS | 1 << FORMAT_HTML | 1 << FORMAT_PDF | 1 << FORMAT_PNG
};

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

struct fleet_files {
	const cJSON *document;
	struct write_options look;
};

static void fleet_render(void *context, enum format format, struct text *out)
{
	static write_fn *const writers[FORMATS] = {
			[FORMAT_TEXT] = write_fleet,
			[FORMAT_JSON] = write_json,
			[FORMAT_JUNIT] = write_fleet_junit,
			[FORMAT_MARKDOWN] = write_fleet_markdown,
			[FORMAT_PROMETHEUS] = write_fleet_metrics,
	};
	const struct fleet_files *files = context;
	writers[format](files->document, &files->look, out);
}

static bool fleet_write_files(const struct run *run, struct outputs *outputs, const cJSON *whole)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	struct fleet_files files = {
			.document = redact_shown(run, whole, &copy),
			.look = screen_file_options(run->arena, run->options),
	};
	const struct output_source source = {fleet_render, &files};
	return outputs_write(run->arena, outputs, &source);
}

static bool fleet_show(const struct run *run,
		const struct fleet_run *fleet,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *document = fleet_document(fleet);
	write_fn *write = write_fleet;
	if (run->options->quiet)
		write = write_fleet_line;
	bool written = fleet_write_files(run, outputs, document);
	if (!outputs->to_stdout && !output_view_show(run, document, write, err))
		return false;
	*ret_exit = verdict_exit(document_verdict(document));
	if (!written)
		*ret_exit = EXIT_BROKEN;
	return true;
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
	if (!outputs_parse(run->arena, &run->options->outputs, FLEET_FORMATS, &outputs, err))
		return false;
	if (!outputs_template(run->arena, &outputs, run->options->template_dir, err))
		return false;
	fleet_catch_signals();
	if (!fleet_judge(&fleet, err))
		return false;
	if (!run->options->quiet)
		foreign_say_left(run->arena, run->foreign);
	if (!fleet_show(run, &fleet, &outputs, ret_exit, err))
		return false;
	die_of_signal();
	return true;
}
