/* Verdict and status of an audit document as enums. */
#include "report/document/verdict.h"

#include "base/text.h"
#include "report/document/view.h"

enum verdict document_verdict(const cJSON *document)
{
	enum verdict verdict = VERDICT_UNKNOWN;
	(void)verdict_from_name(view_raw(document, "verdict"), &verdict);
	return verdict;
}

enum status document_status(const cJSON *limit)
{
	enum status status = STATUS_UNKNOWN;
	(void)status_from_name(view_raw(limit, "status"), &status);
	return status;
}

const cJSON *document_last_fix(const cJSON *document)
{
	const cJSON *fix;
	const cJSON *last = NULL;
	cJSON_ArrayForEach(fix, view_array(document, "fixes")) {
		if (view_true(fix, "in_ladder"))
			last = fix;
	}
	return last;
}

enum verdict document_verdict_after_fixes(const cJSON *document)
{
	enum verdict now = document_verdict(document);
	if (now == VERDICT_FAIL && view_true(document_last_fix(document), "gain.fits"))
		return VERDICT_PASS;
	return now;
}

int verdict_exit(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_NONE:
	case VERDICT_PASS:
		return EXIT_PASS;
	case VERDICT_FAIL:
		return EXIT_VERDICT_FAIL;
	case VERDICT_UNKNOWN:
		break;
	}
	return EXIT_VERDICT_UNKNOWN;
}

/* Does it decide? */
static bool verdict_is_excused(const cJSON *limit)
{
	return view_true(limit, "waived") || view_true(limit, "ignored");
}

static const cJSON *verdict_first_limit(const cJSON *document, enum status status)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		if (document_status(limit) == status && !verdict_is_excused(limit))
			return limit;
	}
	return NULL;
}

bool document_is_unsaid(const cJSON *limit)
{
	if (document_status(limit) != STATUS_NOT_APPLICABLE)
		return false;
	return text_begins_with(view_raw(limit, "reason"), "the plan does not say");
}

bool document_is_idle(const cJSON *limit)
{
	return document_status(limit) == STATUS_NOT_APPLICABLE && !document_is_unsaid(limit);
}

/* A waived limit may bind where another one makes the plan fail. */
static bool verdict_leads(const cJSON *document, const cJSON *limit)
{
	return document_verdict(document) != VERDICT_FAIL || !verdict_is_excused(limit);
}

const cJSON *document_leading_limit(const cJSON *document)
{
	const char *binding = view_raw(document, "binding.resource");
	const cJSON *limit = NULL;
	if (*binding)
		limit = view_resource(document, binding);
	if (limit && !verdict_leads(document, limit))
		limit = NULL;
	if (!limit)
		limit = verdict_first_limit(document, STATUS_FAIL);
	if (!limit)
		limit = verdict_first_limit(document, STATUS_UNKNOWN);
	return limit;
}
