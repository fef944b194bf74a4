#include "audit/evidence/statement.h"

#include <string.h>

#include "audit/evidence/fleet.h"
#include "base/array.h"
#include "base/text.h"
#include "report/document/badge.h"
#include "report/document/member.h"
#include "report/document/open.h"
#include "report/document/view.h"

static const char statement_type[] = "https://in-toto.io/Statement/v1";
static const char predicate_type[] = "https://in-toto.io/attestation/test-result/v0.1";

enum {
	HEX_DIGITS = SHA256_HEX_MAX - 1
};

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

/* Where the descriptors of one audit go, and what their names begin with. */
struct statement_part {
	struct arena *arena;
	cJSON *list;
	const char *of;
};

static void statement_add_part(const struct statement_part *part,
		const char *name,
		const cJSON *node,
		const char *member)
{
	const char *digest = view_text(part->arena, node, member, 0);
	if (!*digest)
		return;
	name = arena_printf(part->arena, "%s%s", part->of, name);
	statement_add_descriptor(part->list, name, digest);
}

/* What the verdict follows from: the plan, the host's values, the rules, and files that had a say.
 */
static void statement_add_digests(const struct statement_part *part, const cJSON *document)
{
	const cJSON *foreign;

	statement_add_part(part, "workload", document, "digest.workload");
	statement_add_part(part, "facts", document, "digest.facts");
	statement_add_part(part, "rules", document, "digest.rules");
	cJSON_ArrayForEach(foreign, view_array(document, "foreign")) {
		const char *path = view_text(part->arena, foreign, "path", 0);
		statement_add_part(part, path, foreign, "digest");
	}
}

/* Of many hosts: those of the fullest host of each class. */
static void statement_add_configuration(struct arena *arena,
		const cJSON *document,
		cJSON *predicate)
{
	const cJSON *class;
	struct statement_part part = {
			.arena = arena,
			.list = member_array(predicate, "configuration"),
			.of = "",
	};
	statement_add_digests(&part, document);
	cJSON_ArrayForEach(class, view_array(document, "classes")) {
		const cJSON *audit = view_object(class, "audit");
		const char *host = view_text(arena, class, "fullest", 0);
		part.of = arena_printf(arena, "%s/", host);
		statement_add_digests(&part, audit);
	}
}

const char *statement_result(struct arena *arena, const cJSON *document)
{
	if (document_is_fleet(document))
		return evidence_result_of_fleet(arena, document);
	return evidence_result_of_audit(arena, document);
}

bool statement_can(const cJSON *document)
{
	if (document_is_fleet(document))
		return true;
	return document_is_audit(document);
}

bool statement_check(const struct json *json, const char *name, struct error *err)
{
	const cJSON *document = json_root(json);
	if (!document_is_fleet(document))
		return document_check(json, name, err);
	if (view_true(document, "kept"))
		return error_set(err,
				"%.200s: from the history, which does not keep all of it: take the document that "
				"headroom fleet wrote",
				name);
	return document_check_fleet(document, name, err);
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
	const struct evidence_tests tests = evidence_tests_new(predicate);
	if (document_is_fleet(document))
		evidence_tests_of_fleet(arena, document, &tests);
	else
		evidence_tests_of_audit(arena, document, &tests);
	return statement;
}

/* --- reading one back
 * ------------------------------------------------------------------------------------ */

/* A statement is no document, whose members view.h reads. */
static const cJSON *statement_get(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *statement_text(const cJSON *object, const char *name)
{
	const cJSON *text = statement_get(object, name);
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
	const cJSON *digests = statement_get(node, "digest");
	const char *digest = statement_text(digests, "sha256");
	const char *name = statement_text(node, "name");
	if (!subject_is_name(name))
		return json_error(json, node, err, "the name is not a plain file name");
	if (!statement_is_digest(digest))
		return json_error(json, node, err, "the digest is not a SHA-256");
	if (subject_find(subjects, name))
		return json_error(json, node, err, "the same name occurs twice");
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
	const cJSON *list = statement_get(root, "subject");
	const cJSON *predicate = statement_get(root, "predicate");

	ret_subjects->count = 0;
	if (strcmp(statement_text(root, "_type"), statement_type) != 0)
		return json_error(json, root, err, "not an in-toto statement, version 1");
	if (strcmp(statement_text(root, "predicateType"), predicate_type) != 0)
		return json_error(json, root, err, "not about the result of a test");
	if (!cJSON_IsArray(list) || !list->child)
		return json_error(json, root, err, "it names no file");
	*ret_result = statement_text(predicate, "result");
	cJSON_ArrayForEach(node, list) {
		if (!statement_read_subject(json, node, ret_subjects, err))
			return false;
	}
	return true;
}
