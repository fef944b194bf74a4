/* Facts as JSON, written and read. Strings from the host are cleaned when written; raw keeps its
 * bytes. */
#include "probes/host/facts/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/keys.h"

/* Member names are literals and texts are the facts' own: the tree refers to both, and copies
 * neither. */
static void json_add_text(cJSON *object, const char *name, const char *text)
{
	cJSON_AddItemToObjectCS(object,
			name,
			text ? cJSON_CreateStringReference(text) : cJSON_CreateNull());
}

static void json_add_number(cJSON *object, const char *name, double number)
{
	cJSON *item = isinf(number) ? cJSON_CreateStringReference("unlimited")
			: isnan(number)     ? cJSON_CreateNull()
								: cJSON_CreateNumber(number);
	cJSON_AddItemToObjectCS(object, name, item);
}

static void json_add_value(cJSON *object, const struct fact *fact)
{
	if (fact->status != FACT_KNOWN)
		json_add_text(object, "value", NULL);
	else if (fact->unit == UNIT_TEXT)
		json_add_text(object, "value", fact->text);
	else if (fact->unit == UNIT_BOOL)
		cJSON_AddBoolToObject(object, "value", fact->number > 0);
	else
		json_add_number(object, "value", fact->number);
}

/* raw as it was read, with bytes that are not UTF-8 replaced; then raw_hex has them all. */
static void add_raw(cJSON *object, const char *raw)
{
	size_t length = raw ? strlen(raw) : 0;
	if (!raw || text_is_utf8(raw, length)) {
		json_add_text(object, "raw", raw);
		return;
	}
	struct arena *arena = arena_new();
	cJSON_AddStringToObject(object, "raw", text_clean(arena, raw, length, 0));
	const char *hex = hex_encode(raw, length, arena_alloc(arena, 2 * length + 1));
	cJSON_AddStringToObject(object, "raw_hex", hex);
	arena_free(arena);
}

cJSON *fact_to_json(const struct fact *fact)
{
	cJSON *object = cJSON_CreateObject();
	json_add_text(object, "key", fact->key);
	json_add_text(object, "instance", fact->instance);
	json_add_value(object, fact);
	json_add_text(object, "unit", unit_name(fact->unit));
	json_add_text(object, "status", fact_status_name(fact->status));
	json_add_text(object, "origin", fact_origin_name(fact->origin));
	json_add_text(object, "where", fact->where);
	json_add_number(object, "line", fact->line > 0 ? fact->line : (double)NAN);
	add_raw(object, fact->raw);
	json_add_text(object, "read_at", fact->read_at);
	json_add_text(object, "set_by", fact->set_by);
	json_add_text(object, "note", fact->note);
	return object;
}

cJSON *host_to_json(const struct host_info *info)
{
	cJSON *object = cJSON_CreateObject();
	json_add_text(object, "name", info->name);
	json_add_text(object, "fingerprint", info->fingerprint);
	json_add_text(object, "kernel", info->kernel);
	json_add_text(object, "os", info->os);
	json_add_number(object, "cpus", info->cpus > 0 ? info->cpus : NAN);
	json_add_number(object, "memory_bytes", info->memory_bytes > 0 ? info->memory_bytes : NAN);
	json_add_text(object, "virtualization", info->virtualization);
	json_add_text(object, "container", info->container);
	json_add_text(object, "vantage", info->vantage);
	json_add_text(object, "boot_id", info->boot_id);
	json_add_text(object, "user", info->user);
	json_add_number(object, "pid", info->pid > 0 ? (double)info->pid : (double)NAN);
	return object;
}

cJSON *facts_to_json(const struct facts *facts, const struct host_info *info)
{
	cJSON *root = cJSON_CreateObject(), *list;
	json_add_text(root, "schema", "headroom.facts/1");
	json_add_text(root, "created", info->created);
	cJSON_AddItemToObject(root, "host", host_to_json(info));
	list = cJSON_AddArrayToObject(root, "facts");
	for (size_t i = 0; i < facts->count; i++)
		cJSON_AddItemToArray(list, fact_to_json(facts->items[i]));
	return root;
}

/* A string member that may be null. */
static bool json_read_text(const struct json *json,
		const cJSON *object,
		const char *name,
		struct arena *arena,
		const char **ret,
		struct error *err)
{
	if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(object, name)))
		return true;
	return json_string(json, object, name, arena, ret, err);
}

static bool json_read_number(const struct json *json,
		const cJSON *object,
		const char *name,
		double *ret,
		struct error *err)
{
	if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(object, name)))
		return true;
	return json_number(json, object, name, ret, err);
}

/* The cleaned form of a host's name: facts files come from elsewhere. */
static bool read_clean(const struct json *json,
		const cJSON *object,
		const char *name,
		struct arena *arena,
		const char **ret,
		struct error *err)
{
	if (!json_read_text(json, object, name, arena, ret, err))
		return false;
	if (*ret)
		*ret = text_clean(arena, *ret, strlen(*ret), 200);
	return true;
}

static bool read_host(const struct json *json,
		const cJSON *host,
		struct arena *arena,
		struct host_info *info,
		struct error *err)
{
	static const char *const members[] = {
			"name",
			"fingerprint",
			"kernel",
			"os",
			"cpus",
			"memory_bytes",
			"virtualization",
			"container",
			"vantage",
			"boot_id",
			"user",
			"pid",
			NULL,
	};
	const struct {
		const char *name;
		const char **ret;
	} texts[] = {{"name", &info->name},
			{"fingerprint", &info->fingerprint},
			{"kernel", &info->kernel},
			{"os", &info->os},
			{"user", &info->user},
			{"virtualization", &info->virtualization},
			{"vantage", &info->vantage},
			{"container", &info->container},
			{"boot_id", &info->boot_id}};
	double pid = 0;
	if (!json_check_members(json, host, members, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (!read_clean(json, host, texts[i].name, arena, texts[i].ret, err))
			return false;
	if (!json_read_number(json, host, "cpus", &info->cpus, err) ||
			!json_read_number(json, host, "memory_bytes", &info->memory_bytes, err) ||
			!json_read_number(json, host, "pid", &pid, err))
		return false;
	info->pid = pid > 0 && pid <= 4194304 ? (int)pid : 0;
	return true;
}

static bool json_read_value(const struct json *json,
		const cJSON *object,
		struct arena *arena,
		struct fact *fact,
		struct error *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "value");
	bool truth = false;
	fact->number = NAN;
	if (fact->status != FACT_KNOWN)
		return !value || cJSON_IsNull(value) ||
				json_error(json, value, err, "a fact that is not known has no value");
	if (!value || cJSON_IsNull(value))
		return json_error(json, object, err, "a known fact needs a \"value\"");
	if (fact->unit == UNIT_TEXT)
		return json_string(json, object, "value", arena, &fact->text, err);
	if (fact->unit == UNIT_BOOL && cJSON_IsBool(value)) {
		bool read = json_bool(json, object, "value", &truth, err);
		fact->number = truth;
		return read;
	}
	return json_number(json, object, "value", &fact->number, err) &&
			(fact->number >= 0 || json_error(json, value, err, "a fact is never negative"));
}

static bool json_read_words(const struct json *json,
		const cJSON *object,
		struct arena *arena,
		struct fact *fact,
		struct error *err)
{
	const char *unit = NULL, *status = "known", *origin = "read";
	if (!json_string(json, object, "unit", arena, &unit, err) ||
			!json_string(json, object, "status", arena, &status, err) ||
			!json_string(json, object, "origin", arena, &origin, err))
		return false;
	if (!unit || !unit_from_name(unit, &fact->unit))
		return json_error(json,
				object,
				err,
				"\"unit\" must be count, bytes, seconds, per_s, ratio, bool, version or text");
	if (!fact_status_from_name(status, &fact->status))
		return json_error(json,
				object,
				err,
				"\"status\" must be known, absent, denied, malformed, not-visible or skipped");
	if (!fact_origin_from_name(origin, &fact->origin))
		return json_error(json,
				object,
				err,
				"\"origin\" must be read, measured, given, proposed, constant or derived");
	return true;
}

static bool check_key(const struct json *json,
		const cJSON *object,
		const struct fact *fact,
		struct error *err)
{
	if (!fact->key)
		return json_error(json, object, err, "a fact needs a \"key\"");
	const struct known_key *known = keys_find(fact->key);
	if (!known) {
		char question[SUGGEST_MAX];
		return json_error(json,
				cJSON_GetObjectItemCaseSensitive(object, "key"),
				err,
				"no such fact: %.100s%s",
				fact->key,
				suggest_question_about(question, "", keys_suggest(fact->key)));
	}
	if (known->unit != fact->unit)
		return json_error(json,
				object,
				err,
				"%s is in %s, not in %s",
				fact->key,
				unit_name(known->unit),
				unit_name(fact->unit));
	return true;
}

/* The facts read so far; looked up only once all are there: a sorted set costs a sort per lookup
 * while it grows. */
struct fact_list {
	struct entry {
		const struct fact *fact;
		const cJSON *object;
	} * items;
	size_t count, capacity;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = strcmp(left->fact->key, right->fact->key);
	return order ? order : strcmp(left->fact->instance, right->fact->instance);
}

static bool check_twice(const struct json *json, struct fact_list *list, struct error *err)
{
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, compare_entries);
	for (size_t i = 1; i < list->count; i++)
		if (compare_entries(&list->items[i - 1], &list->items[i]) == 0)
			return json_error(json,
					list->items[i].object,
					err,
					"%s stands here twice",
					list->items[i].fact->key);
	return true;
}

static bool read_fact(const struct json *json,
		const cJSON *object,
		struct arena *arena,
		struct facts *facts,
		struct fact_list *list,
		struct error *err)
{
	static const char *const members[] = {"key",
			"instance",
			"value",
			"unit",
			"status",
			"origin",
			"where",
			"line",
			"raw",
			"read_at",
			"set_by",
			"raw_hex",
			"note",
			NULL};
	struct fact fact = {.instance = ""};
	double line = 0;
	if (!json_check_members(json, object, members, err) ||
			!json_read_words(json, object, arena, &fact, err) ||
			!json_read_text(json, object, "key", arena, &fact.key, err) ||
			!json_read_text(json, object, "instance", arena, &fact.instance, err) ||
			!check_key(json, object, &fact, err) ||
			!json_read_value(json, object, arena, &fact, err) ||
			!json_read_text(json, object, "where", arena, &fact.where, err) ||
			!json_read_number(json, object, "line", &line, err) ||
			!json_read_text(json, object, "raw", arena, &fact.raw, err) ||
			!json_read_text(json, object, "read_at", arena, &fact.read_at, err) ||
			!json_read_text(json, object, "set_by", arena, &fact.set_by, err) ||
			!json_read_text(json, object, "note", arena, &fact.note, err))
		return false;
	fact.line = line > 0 && line < 1e9 ? (int)line : 0;
	fact.raw = fact.raw ? arena_copy(arena, fact.raw, strnlen(fact.raw, 256)) : NULL;
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = (struct entry){facts_put(facts, fact), object};
	return true;
}

/* The value of a hand-written fact as the text that --set would have. */
static const char *value_as_text(struct arena *arena, const cJSON *value)
{
	char number[NUMBER_TEXT_MAX];
	if (cJSON_IsString(value))
		return value->valuestring;
	if (cJSON_IsBool(value))
		return cJSON_IsTrue(value) ? "true" : "false";
	if (cJSON_IsNumber(value))
		return arena_strdup(arena, text_plain_number(number, value->valuedouble));
	return NULL;
}

static bool read_given(const struct json *json,
		const cJSON *member,
		struct arena *arena,
		struct facts *facts,
		struct error *err)
{
	const char *text = value_as_text(arena, member);
	const char *key = member->string, *instance = NULL;
	size_t length = strlen(key), bracket = strcspn(key, "[");
	struct error problem;
	if (!text)
		return json_error(json,
				member,
				err,
				"%.100s: a number, a text, true or false was expected",
				key);
	if (key[bracket] && key[length - 1] == ']') {
		instance = arena_copy(arena, key + bracket + 1, length - bracket - 2);
		key = arena_copy(arena, key, bracket);
	}
	if (given_put(facts, key, instance, text, "facts file", &problem))
		return true;
	return json_error(json, member, err, "%s", problem.text);
}

static bool json_read_facts(const struct json *json,
		const cJSON *list,
		struct arena *arena,
		struct facts *facts,
		struct error *err)
{
	if (!list)
		return json_error(json, json_root(json), err, "it has no \"facts\"");
	if (!cJSON_IsArray(list) && !cJSON_IsObject(list))
		return json_error(json,
				list,
				err,
				"\"facts\" must be a list of facts, or an object {\"KEY\": VALUE}");
	struct fact_list all = {0};
	for (const cJSON *item = list->child; item; item = item->next)
		if (!(cJSON_IsArray(list) ? read_fact(json, item, arena, facts, &all, err)
								  : read_given(json, item, arena, facts, err)))
			return false;
	return check_twice(json, &all, err);
}

/* What a hand-written host says in its facts only. */
static void complete_info(const struct facts *facts, struct host_info *info)
{
	double cpus = facts_number(facts, "host.cpus"), memory = facts_number(facts, "memory.total");
	if (!info->name)
		info->name = facts_text(facts, "host.name");
	if (!info->kernel)
		info->kernel = facts_text(facts, "kernel.release");
	if (!info->os)
		info->os = facts_text(facts, "os.pretty");
	if (!(info->cpus > 0) && cpus > 0)
		info->cpus = cpus;
	if (!(info->memory_bytes > 0) && memory > 0)
		info->memory_bytes = memory;
}

bool facts_from_json(struct arena *arena,
		const struct json *json,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err)
{
	static const char *const members[] = {"schema", "created", "host", "facts", "comment", NULL};
	const cJSON *root = json_root(json), *host = cJSON_GetObjectItemCaseSensitive(root, "host");
	const char *schema = NULL;
	if (!json_check_members(json, root, members, err) ||
			!json_string(json, root, "schema", arena, &schema, err))
		return false;
	if (!schema || strcmp(schema, "headroom.facts/1") != 0)
		return json_error(json, root, err, "\"schema\" must be \"headroom.facts/1\"");
	if (!read_clean(json, root, "created", arena, &ret_info->created, err))
		return false;
	if (host && !cJSON_IsNull(host) && !read_host(json, host, arena, ret_info, err))
		return false;
	if (!json_read_facts(json, cJSON_GetObjectItemCaseSensitive(root, "facts"), arena, facts, err))
		return false;
	complete_info(facts, ret_info);
	return true;
}
