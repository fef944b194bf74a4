/* headroom why: what a log line, a process or this host fails of, now. */
#include "audit/why/why.h"

#include "audit/command/answers.h"
#include "audit/document/request.h"
#include "audit/run/pipeline.h"
#include "base/os/clock.h"
#include "base/os/json.h"

static int why_exit(enum why_end end)
{
	static const int codes[] = {
			[WHY_FOUND] = EXIT_PASS,
			[WHY_NONE] = EXIT_VERDICT_FAIL,
			[WHY_UNSEEN] = EXIT_VERDICT_UNKNOWN,
	};
	return codes[end];
}

static bool why_show(const struct run *run,
		const struct why_case *in_case,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *document = why_document(in_case);
	bool written;
	request_put(run->arena, document, run->options);
	if (!output_kind_put(run, &answer_kind_why, document, outputs, &written, err))
		return false;
	*ret_exit = EXIT_BROKEN;
	if (written)
		*ret_exit = why_exit(in_case->end);
	return true;
}

static bool why_answer_it(struct why_case *in_case, struct error *err)
{
	if (!why_look_first(in_case, err))
		return false;
	why_match(in_case);
	if (!why_look_again(in_case, err))
		return false;
	why_calls_match(in_case->pipeline->run->arena, &in_case->pipeline->rules, in_case->calls);
	why_see(in_case);
	why_find_abouts(in_case);
	why_conclude(in_case);
	why_gather(in_case);
	return true;
}

bool command_why(const struct run *run, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	/* A snapshot is read once: then everything is. */
	struct options options = *run->options;
	struct run looking = *run;
	struct outputs outputs;
	__attribute__((cleanup(why_calls_close))) struct why_calls calls = {
			.asked = run->options->why.for_s > 0,
	};
	struct why_case in_case = {.pipeline = &pipeline, .calls = &calls};
	options.all |= options.facts_path != NULL;
	looking.options = &options;
	if (!output_kind_parse(run, &answer_kind_why, &outputs, err))
		return false;
	if (!why_calls_check(run, err) || !why_read(run, &in_case.asked, err))
		return false;
	in_case.looked_s = clock_now_s();
	if (!pipeline_open(&looking, &pipeline, err) || !why_answer_it(&in_case, err))
		return false;
	return why_show(run, &in_case, &outputs, ret_exit, err);
}
