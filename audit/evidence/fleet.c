#include "audit/evidence/fleet.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/age.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

/* A class has the same settings and the same status of each limit, so its fullest host's audit
 * speaks for all of its hosts. Where the document has no audit of it, nobody can see whether a
 * limit was waived. */
static const char *fleet_result_of_class(struct arena *arena, const cJSON *class)
{
	const cJSON *audit = view_object(class, "audit");
	if (document_verdict(class) != VERDICT_PASS)
		return EVIDENCE_FAILED;
	if (audit)
		return evidence_result_of_audit(arena, audit);
	return EVIDENCE_WARNED;
}

/* NULL: nothing of the plan falls to it. */
static const char *fleet_result_of_host(struct arena *arena,
		const cJSON *document,
		const cJSON *host)
{
	if (strcmp(view_raw(host, "state"), "standing-by") == 0)
		return NULL;
	if (document_verdict(host) != VERDICT_PASS || view_number(host, "hypothetical") > 0)
		return EVIDENCE_FAILED;
	const cJSON *classes = view_array(document, "classes");
	const cJSON *class = view_find(classes, "name", view_raw(host, "class"));
	if (!class)
		return EVIDENCE_FAILED;
	return fleet_result_of_class(arena, class);
}

/* Hosts that are not as somebody said they should be. */
static bool fleet_is_uneven(const cJSON *document)
{
	static const char *const counts[] = {
			"counts.missing",
			"counts.stale",
			"counts.duplicate",
			"counts.broken",
			"counts.unexpected",
	};
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		if (view_number(document, counts[i]) > 0)
			return true;
	}
	if (view_number(document, "problem_count") > 0)
		return true;
	return isnan(view_number(document, "counts.expected"));
}

/* The worst of its hosts. */
static const char *fleet_result_of_hosts(struct arena *arena, const cJSON *document)
{
	const cJSON *host;
	const char *worst = EVIDENCE_PASSED;
	cJSON_ArrayForEach(host, view_array(document, "hosts")) {
		const char *result = fleet_result_of_host(arena, document, host);
		if (result == EVIDENCE_FAILED)
			return EVIDENCE_FAILED;
		if (result == EVIDENCE_WARNED)
			worst = EVIDENCE_WARNED;
	}
	return worst;
}

const char *evidence_result_of_fleet(struct arena *arena, const cJSON *document)
{
	if (document_verdict(document) != VERDICT_PASS)
		return EVIDENCE_FAILED;
	const char *result = fleet_result_of_hosts(arena, document);
	if (result == EVIDENCE_FAILED)
		return result;
	if (fleet_is_uneven(document) || document_is_dated(document))
		return EVIDENCE_WARNED;
	return result;
}

void evidence_tests_of_fleet(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists)
{
	const cJSON *host;
	cJSON_ArrayForEach(host, view_array(document, "hosts")) {
		const char *result = fleet_result_of_host(arena, document, host);
		const char *name = view_text(arena, host, "name", 0);
		if (result)
			evidence_tests_add(lists, result, name);
	}
}
