/* What follows from the looks. */
#include "audit/why/why.h"

/* Was anything at all seen of the limits that make calls fail? */
static bool sees_anything(const struct why_case *in_case)
{
	const struct rules *rules = &in_case->pipeline->rules;
	const struct why_look *last = why_last_look(in_case);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct present *now = &last->presents[i];
		if (rules->limits[i].severity == SEVERITY_HARD && now->state != PRESENT_UNKNOWN)
			return true;
	}
	return false;
}

void why_conclude(struct why_case *in_case)
{
	const struct why_question question = {
			.rules = &in_case->pipeline->rules,
			.looks = in_case->looks,
			.look_count = in_case->look_count,
			.apart_s = in_case->apart_s,
			.failed = in_case->calls->failed,
			.failed_count = in_case->calls->seen.count,
			.named = in_case->asked.named,
			.named_count = in_case->asked.named_count,
			.said = in_case->kernel.said,
			.said_count = in_case->kernel.count,
			.to = in_case->asked.addresses,
			.remote = in_case->asked.remote,
			.told = in_case->asked.text != NULL,
	};
	why_judge(in_case->pipeline->run->arena, &question, &in_case->answer);
	const struct why_causes *causes = &in_case->answer.causes;
	in_case->end = WHY_NONE;
	if (causes->count > 0 && why_explains(&causes->items[0]))
		in_case->end = WHY_FOUND;
	else if (causes->count == 0 && !sees_anything(in_case))
		in_case->end = WHY_UNSEEN;
}
