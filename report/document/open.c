/* Opens audit documents. Knows the few members without which no view is right; the others may be
 * missing (report/document/view.h). */
#include "report/document/open.h"

#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "model/verdict.h"
#include "report/document/view.h"

/* The newest first: what is written, and what errors suggest. */
static const char *const schemas_read[] = {AUDIT_SCHEMA, "headroom.audit/1"};
static const char schema_family[] = "headroom.audit/";

static cJSON_bool open_is_time(const cJSON *value)
{
	time_t moment;
	return cJSON_IsString(value) && clock_parse(value->valuestring, &moment);
}

/* Of facts that do not say when they were read there is none. */
static cJSON_bool open_is_time_or_null(const cJSON *value)
{
	return cJSON_IsNull(value) || open_is_time(value);
}

static cJSON_bool open_is_verdict(const cJSON *value)
{
	enum verdict verdict;
	return cJSON_IsString(value) && verdict_from_name(value->valuestring, &verdict);
}

static const struct member {
	const char *name;
	cJSON_bool (*fits)(const cJSON *value);
	const char *kind; /* completes "must be" */
	bool may_lack;
} members[] = {
		{"resources", cJSON_IsArray, "a list of limits", false},
		{"verdict", open_is_verdict, "pass, fail, unknown or none", false},
		{"created", open_is_time, "a time, as in 2026-01-31T08:00:00Z", false},
		{"as_of", open_is_time_or_null, "a time, as in 2026-01-31T08:00:00Z", true},
};

static bool open_is_read(const char *schema)
{
	for (size_t i = 0; i < COUNT_OF(schemas_read); i++) {
		if (strcmp(schema, schemas_read[i]) == 0)
			return true;
	}
	return false;
}

static bool open_check_schema(const cJSON *root, struct error *err)
{
	const char *schema = view_raw(root, "schema");
	if (open_is_read(schema))
		return true;
	if (!*schema)
		return error_set(err,
				"not an audit document: it has no \"schema\": \"%s\"; "
				"headroom audit -o audit.json writes one",
				AUDIT_SCHEMA);
	return error_set(err,
			"its schema is \"%.60s\", this version reads %s and %s; "
			"a newer headroom may read it",
			schema,
			schemas_read[1],
			schemas_read[0]);
}

static bool open_check_limits(const cJSON *root, const cJSON **ret_at, struct error *err)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(root, "resources")) {
		if (cJSON_IsObject(limit))
			continue;
		*ret_at = limit;
		return error_set(err, "\"resources\" must be a list of objects");
	}
	return true;
}

/* *ret_at is the value that is wrong, NULL where it is the document as a whole. */
static bool open_check(const cJSON *root, const cJSON **ret_at, struct error *err)
{
	*ret_at = NULL;
	if (!open_check_schema(root, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const struct member *member = &members[i];
		const cJSON *value = view_get(root, member->name);
		if (!value && member->may_lack)
			continue;
		if (!value)
			return error_set(err, "not a whole audit document: \"%s\" is missing", member->name);
		if (member->fits(value))
			continue;
		*ret_at = value;
		return error_set(err, "\"%s\" must be %s", member->name, member->kind);
	}
	return open_check_limits(root, ret_at, err);
}

bool document_is_audit(const cJSON *root)
{
	return text_begins_with(view_raw(root, "schema"), schema_family);
}

bool document_is_fleet(const cJSON *root)
{
	return text_begins_with(view_raw(root, "schema"), "headroom.fleet/");
}

static const struct member fleet_members[] = {
		{"verdict", open_is_verdict, "pass, fail, unknown or none", false},
		{"created", open_is_time, "a time, as in 2026-01-31T08:00:00Z", false},
		{"hosts", cJSON_IsArray, "a list of hosts", false},
		{"classes", cJSON_IsArray, "a list of classes", false},
};

static bool open_fits(const cJSON *root,
		const struct member *member,
		const char *name,
		struct error *err)
{
	const cJSON *value = view_get(root, member->name);
	if (!value && member->may_lack)
		return true;
	if (value && member->fits(value))
		return true;
	return error_set(err, "%.300s: \"%s\" must be %s", name, member->name, member->kind);
}

bool document_check_fleet(const cJSON *root, const char *name, struct error *err)
{
	const char *schema = view_raw(root, "schema");
	if (strcmp(schema, "headroom.fleet/1") != 0)
		return error_set(err,
				"%.300s: its schema is \"%.60s\", this version reads headroom.fleet/1",
				name,
				schema);
	for (size_t i = 0; i < COUNT_OF(fleet_members); i++) {
		if (!open_fits(root, &fleet_members[i], name, err))
			return false;
	}
	return true;
}

static const struct answer_schema {
	const char *family, *schema; /* what is read of all versions of the family */
	struct member needs;
} answer_schemas[] = {
		{"headroom.size/", "headroom.size/1", {"values", cJSON_IsArray, "a list of values", false}},
		{"headroom.history/",
				"headroom.history/1",
				{"audits", cJSON_IsArray, "a list of audits", false}},
		{"headroom.drift/", "headroom.drift/1", {"drift", cJSON_IsObject, "what changed", false}},
		{"headroom.why/", "headroom.why/1", {"causes", cJSON_IsArray, "a list of causes", false}},
		{"headroom.lint/",
				"headroom.lint/1",
				{"findings", cJSON_IsArray, "a list of findings", false}},
};

static const struct answer_schema *open_answer_schema(const cJSON *root)
{
	const char *schema = view_raw(root, "schema");
	for (size_t i = 0; i < COUNT_OF(answer_schemas); i++) {
		if (text_begins_with(schema, answer_schemas[i].family))
			return &answer_schemas[i];
	}
	return NULL;
}

bool document_is_answer(const cJSON *root)
{
	return open_answer_schema(root) != NULL;
}

bool document_check_answer(const cJSON *root, const char *name, struct error *err)
{
	const struct answer_schema *row = open_answer_schema(root);
	const char *schema = view_raw(root, "schema");
	static const struct member created = {
			.name = "created",
			.fits = open_is_time,
			.kind = "a time, as in 2026-01-31T08:00:00Z",
			.may_lack = true,
	};
	if (!row || strcmp(schema, row->schema) != 0)
		return error_set(err,
				"%.300s: its schema is \"%.60s\", this version reads %s",
				name,
				schema,
				row ? row->schema : AUDIT_SCHEMA);
	return open_fits(root, &row->needs, name, err) && open_fits(root, &created, name, err);
}

bool document_check_tree(const cJSON *root, const char *name, struct error *err)
{
	const cJSON *at;
	struct error why = {0};
	if (open_check(root, &at, &why))
		return true;
	return error_set(err, "%.300s: %s", name, why.text);
}

bool document_check(const struct json *json, const char *name, struct error *err)
{
	const cJSON *at;
	struct error why = {0};
	if (open_check(json_root(json), &at, &why))
		return true;
	if (at)
		return json_error(json, at, err, "%s", why.text);
	return error_set(err, "%.300s: %s", name, why.text);
}

/* Takes the JSON over: returns it, or frees it with err. */
static struct json *open_checked(struct json *json, const char *name, struct error *err)
{
	if (!json || document_check(json, name, err))
		return json;
	json_free(json);
	return NULL;
}

struct json *document_open(const char *path, struct error *err)
{
	const char *name = path;
	if (strcmp(path, "-") == 0)
		name = "standard input";
	return open_checked(json_read_file(path, err), name, err);
}

struct json *document_open_bytes(const char *name,
		const char *bytes,
		size_t length,
		struct error *err)
{
	return open_checked(json_read(name, bytes, length, err), name, err);
}
