#include "audit/evidence/result.h"

#include <string.h>

#include "report/document/badge.h"
#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

const char EVIDENCE_PASSED[] = "PASSED";
const char EVIDENCE_WARNED[] = "WARNED";
const char EVIDENCE_FAILED[] = "FAILED";

static bool result_leaves_out(const cJSON *limit)
{
	return view_true(limit, "waived") || view_true(limit, "ignored");
}

static bool result_leaves_any_out(const cJSON *document)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		if (result_leaves_out(limit))
			return true;
	}
	return view_count(document, "ignored") > 0;
}

/* The numbers are not those of this host now. */
static bool result_is_assumed(const cJSON *document)
{
	return badge_hypothetical(document) > 0 || view_true(document, "too_old");
}

const char *evidence_result_of_audit(struct arena *arena, const cJSON *document)
{
	if (badge_verdict(document) != VERDICT_PASS || result_is_assumed(document))
		return EVIDENCE_FAILED;
	if (badge_warnings(document) > 0 || result_leaves_any_out(document))
		return EVIDENCE_WARNED;
	/* Waived, dated: whatever the badge says beside its word. */
	if (badge_tags(arena, document).count > 0)
		return EVIDENCE_WARNED;
	return EVIDENCE_PASSED;
}

/* NULL: the limit does not apply, so nothing was tested. */
static const char *result_of_limit(const cJSON *limit)
{
	switch (document_status(limit)) {
	case STATUS_PASS:
		return EVIDENCE_PASSED;
	case STATUS_WARN:
		return EVIDENCE_WARNED;
	case STATUS_NOT_APPLICABLE:
		return NULL;
	default:
		break;
	}
	if (result_leaves_out(limit))
		return EVIDENCE_WARNED;
	return EVIDENCE_FAILED;
}

struct evidence_tests evidence_tests_new(cJSON *predicate)
{
	return (struct evidence_tests){
			.passed = member_array(predicate, "passedTests"),
			.warned = member_array(predicate, "warnedTests"),
			.failed = member_array(predicate, "failedTests"),
	};
}

void evidence_tests_add(const struct evidence_tests *lists, const char *result, const char *name)
{
	cJSON *list = lists->failed;
	if (result == EVIDENCE_PASSED)
		list = lists->passed;
	else if (result == EVIDENCE_WARNED)
		list = lists->warned;
	(void)cJSON_AddItemToArray(list, cJSON_CreateString(name));
}

static void result_add_limits(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists)
{
	const cJSON *limit;
	const bool assumed = result_is_assumed(document);
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		const char *result = result_of_limit(limit);
		const char *id = view_text(arena, limit, "id", 0);
		if (result && assumed)
			result = EVIDENCE_FAILED;
		if (result)
			evidence_tests_add(lists, result, id);
	}
}

/* A run that was certified, or was not, is a test of its own. */
static void result_add_run(const cJSON *document, const struct evidence_tests *lists)
{
	const char *result = EVIDENCE_FAILED;
	if (!*view_raw(document, "run.verdict"))
		return;
	if (badge_verdict(document) == VERDICT_PASS && !result_is_assumed(document))
		result = EVIDENCE_PASSED;
	evidence_tests_add(lists, result, "run");
}

void evidence_tests_of_audit(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists)
{
	if (badge_verdict(document) == VERDICT_NONE) {
		evidence_tests_add(lists, EVIDENCE_FAILED, "plan");
		return;
	}
	result_add_limits(arena, document, lists);
	result_add_run(document, lists);
}
