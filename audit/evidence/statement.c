#include "audit/evidence/statement.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/badge.h"
#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static const char statement_type[] = "https://in-toto.io/Statement/v1";
static const char predicate_type[] = "https://in-toto.io/attestation/test-result/v0.1";
static const char PASSED[] = "PASSED", WARNED[] = "WARNED", FAILED[] = "FAILED";

enum {
	HEX_DIGITS = SHA256_HEX_MAX - 1
};

/* --- what is said of an audit
 * ------------------------------------------------------------------------------------ */

static bool statement_leaves_out(const cJSON *limit)
{
	return view_true(limit, "waived") || view_true(limit, "ignored");
}

static bool statement_leaves_any_out(const cJSON *document)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		if (statement_leaves_out(limit))
			return true;
	}
	return view_count(document, "ignored") > 0;
}

/* The numbers are not those of this host now. */
static bool statement_is_assumed(const cJSON *document)
{
	return badge_hypothetical(document) > 0 || view_true(document, "too_old");
}

const char *statement_result(struct arena *arena, const cJSON *document)
{
	if (badge_verdict(document) != VERDICT_PASS || statement_is_assumed(document))
		return FAILED;
	if (badge_warnings(document) > 0 || statement_leaves_any_out(document))
		return WARNED;
	/* Waived, dated: whatever the badge says beside its word. */
	if (badge_tags(arena, document).count > 0)
		return WARNED;
	return PASSED;
}

/* NULL: the limit does not apply, so nothing was tested. */
static const char *statement_result_of_limit(const cJSON *limit)
{
	switch (document_status(limit)) {
	case STATUS_PASS:
		return PASSED;
	case STATUS_WARN:
		return WARNED;
	case STATUS_NOT_APPLICABLE:
		return NULL;
	default:
		break;
	}
	if (statement_leaves_out(limit))
		return WARNED;
	return FAILED;
}

struct statement_lists {
	cJSON *passed, *warned, *failed;
};

static struct statement_lists statement_add_lists(cJSON *predicate)
{
	return (struct statement_lists){
			.passed = member_array(predicate, "passedTests"),
			.warned = member_array(predicate, "warnedTests"),
			.failed = member_array(predicate, "failedTests"),
	};
}

static void statement_add_test(const struct statement_lists *lists,
		const char *result,
		const char *name)
{
	cJSON *list = lists->failed;
	if (result == PASSED)
		list = lists->passed;
	else if (result == WARNED)
		list = lists->warned;
	(void)cJSON_AddItemToArray(list, cJSON_CreateString(name));
}

static void statement_add_limits(struct arena *arena,
		const cJSON *document,
		const struct statement_lists *lists)
{
	const cJSON *limit;
	const bool assumed = statement_is_assumed(document);
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		const char *result = statement_result_of_limit(limit);
		const char *id = view_text(arena, limit, "id", 0);
		if (result && assumed)
			result = FAILED;
		if (result)
			statement_add_test(lists, result, id);
	}
}

/* A run that was certified, or was not, is a test of its own. */
static void statement_add_run(const cJSON *document, const struct statement_lists *lists)
{
	const char *result = FAILED;
	if (!*view_raw(document, "run.verdict"))
		return;
	if (badge_verdict(document) == VERDICT_PASS && !statement_is_assumed(document))
		result = PASSED;
	statement_add_test(lists, result, "run");
}

static void statement_add_tests(struct arena *arena, const cJSON *document, cJSON *predicate)
{
	const struct statement_lists lists = statement_add_lists(predicate);
	if (badge_verdict(document) == VERDICT_NONE) {
		statement_add_test(&lists, FAILED, "plan");
		return;
	}
	statement_add_limits(arena, document, &lists);
	statement_add_run(document, &lists);
}

static void statement_add_digest(cJSON *descriptor, const char *digest)
{
	cJSON *digests = member_object(descriptor, "digest");
	(void)cJSON_AddStringToObject(digests, "sha256", digest);
}

static void statement_add_descriptor(cJSON *list, const char *name, const char *digest)
{
	cJSON *descriptor = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(descriptor, "name", name);
	statement_add_digest(descriptor, digest);
	(void)cJSON_AddItemToArray(list, descriptor);
}

/* What the verdict follows from: the plan, the host's values, the rules, and files that had a say.
 */
static void statement_add_configuration(struct arena *arena,
		const cJSON *document,
		cJSON *predicate)
{
	static const char *const parts[][2] = {
			{"workload", "digest.workload"},
			{"facts", "digest.facts"},
			{"rules", "digest.rules"},
	};
	const cJSON *foreign;
	cJSON *list = member_array(predicate, "configuration");
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const char *digest = view_text(arena, document, parts[i][1], 0);
		if (*digest)
			statement_add_descriptor(list, parts[i][0], digest);
	}
	cJSON_ArrayForEach(foreign, view_array(document, "foreign")) {
		const char *path = view_text(arena, foreign, "path", 0);
		const char *digest = view_text(arena, foreign, "digest", 0);
		statement_add_descriptor(list, path, digest);
	}
}

/* For readers without the document: the badge, when it was made, until when it may be used. */
static void statement_annotate(struct arena *arena, const cJSON *document, cJSON *subject)
{
	cJSON *notes = member_object(subject, "annotations");
	const char *created = view_text(arena, document, "created", 0);
	const char *until = view_text(arena, document, "request.valid_until", 0);
	(void)cJSON_AddStringToObject(notes, "badge", badge_text(arena, document));
	(void)cJSON_AddStringToObject(notes, "created", created);
	if (*until)
		(void)cJSON_AddStringToObject(notes, "valid_until", until);
}

cJSON *statement_new(struct arena *arena, const cJSON *document, const struct subjects *subjects)
{
	cJSON *statement = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(statement, "_type", statement_type);
	cJSON *list = member_array(statement, "subject");
	for (size_t i = 0; i < subjects->count; i++) {
		const struct signed_file *subject = &subjects->items[i];
		statement_add_descriptor(list, subject->name, subject->digest);
	}
	statement_annotate(arena, document, list->child);
	(void)cJSON_AddStringToObject(statement, "predicateType", predicate_type);
	cJSON *predicate = member_object(statement, "predicate");
	const char *result = statement_result(arena, document);
	(void)cJSON_AddStringToObject(predicate, "result", result);
	statement_add_configuration(arena, document, predicate);
	statement_add_tests(arena, document, predicate);
	return statement;
}

/* --- reading one back
 * ------------------------------------------------------------------------------------ */

static const char *statement_text(const cJSON *object, const char *name)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsString(text))
		return "";
	return text->valuestring;
}

static bool statement_is_digest(const char *digest)
{
	size_t length = strspn(digest, "0123456789abcdef");
	return length == HEX_DIGITS && !digest[length];
}

static bool statement_read_subject(const struct json *json,
		const cJSON *node,
		struct subjects *subjects,
		struct error *err)
{
	const cJSON *digests = cJSON_GetObjectItemCaseSensitive(node, "digest");
	const char *digest = statement_text(digests, "sha256");
	const char *name = statement_text(node, "name");
	if (!subject_is_name(name))
		return json_error(json, node, err, "the name is no plain name of a file");
	if (!statement_is_digest(digest))
		return json_error(json, node, err, "the digest is no SHA-256");
	if (subject_find(subjects, name))
		return json_error(json, node, err, "the same name twice");
	if (subjects->count == SUBJECTS_MAX)
		return json_error(json, node, err, "more than %d files", SUBJECTS_MAX);
	struct signed_file *subject = &subjects->items[subjects->count++];
	subject->name = name;
	memcpy(subject->digest, digest, SHA256_HEX_MAX);
	return true;
}

bool statement_read(const struct json *json,
		struct subjects *ret_subjects,
		const char **ret_result,
		struct error *err)
{
	const cJSON *root = json_root(json), *node;
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "subject");
	const cJSON *predicate = cJSON_GetObjectItemCaseSensitive(root, "predicate");
	ret_subjects->count = 0;
	if (strcmp(statement_text(root, "_type"), statement_type) != 0)
		return json_error(json, root, err, "not an in-toto statement, version 1");
	if (strcmp(statement_text(root, "predicateType"), predicate_type) != 0)
		return json_error(json, root, err, "not about the result of a test");
	if (!cJSON_IsArray(list) || !list->child)
		return json_error(json, root, err, "it speaks of no file");
	*ret_result = statement_text(predicate, "result");
	cJSON_ArrayForEach(node, list) {
		if (!statement_read_subject(json, node, ret_subjects, err))
			return false;
	}
	return true;
}
