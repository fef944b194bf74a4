/* headroom lint: listeners of a repository inside the range of outgoing ports. */
#include "audit/lint/lint.h"

#include "audit/command/answers.h"
#include "audit/document/request.h"
#include "base/os/clock.h"
#include "base/os/json.h"

static bool lint_show(const struct run *run,
		const struct lint_case *in_case,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *document = lint_document(in_case);
	bool written;
	request_put(run->arena, document, run->options);
	if (!output_kind_put(run, &answer_kind_lint, document, outputs, &written, err))
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
	if (!output_kind_parse(run, &answer_kind_lint, &outputs, err))
		return false;
	if (!lint_machine_find(run, &in_case.machine, err))
		return false;
	in_case.created = arena_strdup(run->arena, clock_utc_run(now));
	if (!lint_collect(&in_case, err))
		return false;
	return lint_show(run, &in_case, &outputs, ret_exit, err);
}
