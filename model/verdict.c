/* The names of statuses and verdicts, both ways. */
#include "model/verdict.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/array.h"

static const char *const statuses[] = {
		[STATUS_PASS] = "pass",
		[STATUS_WARN] = "warn",
		[STATUS_FAIL] = "fail",
		[STATUS_UNKNOWN] = "unknown",
		[STATUS_NOT_APPLICABLE] = "not-applicable",
};

static const char *const verdicts[] = {
		[VERDICT_NONE] = "none",
		[VERDICT_PASS] = "pass",
		[VERDICT_FAIL] = "fail",
		[VERDICT_UNKNOWN] = "unknown",
};

enum {
	STATUSES = COUNT_OF(statuses),
	VERDICTS = COUNT_OF(verdicts)
};

/* The index of `name`, or `count` where it is not among them. */
static size_t verdict_index(const char *const *names, size_t count, const char *name)
{
	size_t i = 0;
	while (i < count && strcmp(names[i], name) != 0)
		i++;
	return i;
}

const char *status_name(enum status status)
{
	assert((size_t)status < STATUSES);
	return statuses[status];
}

const char *verdict_name(enum verdict verdict)
{
	assert((size_t)verdict < VERDICTS);
	return verdicts[verdict];
}

bool status_from_name(const char *name, enum status *ret)
{
	size_t index = verdict_index(statuses, STATUSES, name);
	if (index == STATUSES)
		return false;
	*ret = (enum status)index;
	return true;
}

bool verdict_from_name(const char *name, enum verdict *ret)
{
	size_t index = verdict_index(verdicts, VERDICTS, name);
	if (index == VERDICTS)
		return false;
	*ret = (enum verdict)index;
	return true;
}
