/* The words for statuses and verdicts. */
#include "model/verdict.h"

const char *status_name(enum status status)
{
	static const char *const names[] = {"pass", "warn", "fail", "unknown", "not-applicable"};
	return names[status];
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {"none", "pass", "fail", "unknown"};
	return names[verdict];
}
