/* headroom lint: listeners of a repository inside the range of outgoing ports. */
#include "audit/lint/lint.h"

#include "audit/cli/screen.h"
#include "audit/output/redact.h"
#include "audit/output/view.h"
#include "base/os/clock.h"
#include "base/os/json.h"
#include "report/write/write.h"

enum {
	LINT_FORMATS = FORMATS_TEXT_JSON | 1 << FORMAT_JUNIT | 1 << FORMAT_GITHUB | 1 << FORMAT_SARIF
};

struct lint_files {
	const cJSON *document;
	struct write_options look;
};

static void lint_render(void *context, enum format format, struct text *out)
{
	static write_fn *const writers[FORMATS] = {
			[FORMAT_TEXT] = write_lint,
			[FORMAT_JSON] = write_json,
			[FORMAT_JUNIT] = write_lint_junit,
			[FORMAT_GITHUB] = write_lint_github,
			[FORMAT_SARIF] = write_lint_sarif,
	};
	const struct lint_files *files = context;
	writers[format](files->document, &files->look, out);
}

static bool lint_write_files(const struct run *run, struct outputs *outputs, const cJSON *whole)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	struct lint_files files = {
			.document = redact_shown(run, whole, &copy),
			.look = screen_file_options(run->arena, run->options),
	};
	const struct output_source source = {lint_render, &files};
	outputs->own_writers = true;
	return outputs_write(run->arena, outputs, &source);
}

static bool lint_show(const struct run *run,
		const struct lint_case *in_case,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *document = lint_document(in_case);
	write_fn *write = write_lint;
	if (run->options->quiet)
		write = write_lint_line;
	bool written = lint_write_files(run, outputs, document);
	if (!outputs->to_stdout && !output_view_show(run, document, write, err))
		return false;
	if (!written)
		*ret_exit = EXIT_BROKEN;
	else if (in_case->verdict.found > 0)
		*ret_exit = EXIT_VERDICT_FAIL;
	return true;
}

bool command_lint(const struct run *run, int *ret_exit, struct error *err)
{
	char now[CLOCK_TEXT_MAX];
	struct outputs outputs;
	struct lint_case in_case = {.run = run, .other = lint_other_system()};
	if (!outputs_parse(run->arena, &run->options->outputs, LINT_FORMATS, &outputs, err))
		return false;
	if (!lint_machine_find(run, &in_case.machine, err))
		return false;
	in_case.created = arena_strdup(run->arena, clock_utc_run(now));
	if (!lint_collect(&in_case, err))
		return false;
	return lint_show(run, &in_case, &outputs, ret_exit, err);
}
