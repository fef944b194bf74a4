/* The verdict from the limits. */
#include "model/answer/conclusion.h"

#include <string.h>

/* How many limits that decide have this status. */
static size_t count_status(const struct all_limits *limits, enum status status)
{
	size_t count = 0;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		count += j->status == status && judgement_decides(j);
	}
	return count;
}

bool conclusion_any_applies(const struct all_limits *limits)
{
	for (size_t i = 0; i < limits->count; i++) {
		if (limits->items[i].worst.status != STATUS_NOT_APPLICABLE)
			return true;
	}
	return false;
}

enum verdict conclusion_verdict(const struct all_limits *limits, bool too_old)
{
	if (count_status(limits, STATUS_FAIL))
		return VERDICT_FAIL;
	if (too_old || count_status(limits, STATUS_UNKNOWN))
		return VERDICT_UNKNOWN;
	return VERDICT_PASS;
}

size_t conclusion_warnings(const struct result *result)
{
	size_t count = 0;
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *j = &result->resources[i].worst;
		count += j->status == STATUS_WARN && !j->ignored && !j->waived;
	}
	for (size_t i = 0; i < result->finding_count; i++)
		count += strcmp(result->findings[i].severity, "warning") == 0;
	return count;
}
