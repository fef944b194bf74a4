/* What follows from the looks. */
#include "audit/why/why.h"

/* Was anything at all seen of the limits that make calls fail? */
static bool sees_anything(const struct why_case *in_case)
{
	const struct rules *rules = &in_case->pipeline->rules;
	const struct why_look *last = why_last_look(in_case);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		const struct present *now = &last->presents[i];
		if (rule->severity != SEVERITY_HARD)
			continue;
		if (now->state != PRESENT_UNKNOWN)
			return true;
	}
	return false;
}

void why_conclude(struct why_case *in_case)
{
	const struct pipeline *pipeline = in_case->pipeline;
	const struct why_calls *calls = in_case->calls;
	const struct why_asked *asked = &in_case->asked;
	const struct why_kernel *kernel = &in_case->kernel;
	const struct why_question question = {
			.rules = &pipeline->rules,
			.looks = in_case->looks,
			.look_count = in_case->look_count,
			.apart_s = in_case->apart_s,
			.failed = calls->failed,
			.failed_count = calls->seen.count,
			.named = asked->named,
			.named_count = asked->named_count,
			.said = kernel->said,
			.said_count = kernel->count,
			.abouts = in_case->abouts,
			.about_count = in_case->about_count,
			.to = asked->addresses,
			.remote = asked->remote,
			.told = asked->text != NULL,
	};
	why_judge(pipeline->run->arena, &question, &in_case->answer);
	const struct why_causes *causes = &in_case->answer.causes;
	in_case->end = WHY_NONE;
	if (causes->count > 0 && why_explains(causes->items))
		in_case->end = WHY_FOUND;
	else if (causes->count == 0 && !sees_anything(in_case))
		in_case->end = WHY_UNSEEN;
}
