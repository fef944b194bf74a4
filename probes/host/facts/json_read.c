/* Reading facts from JSON. The document may come from anywhere: the names of the host are cleaned,
 * and keys and units are checked against the table of keys. */
#include "probes/host/facts/json_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/collected.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/keys.h"

enum {
	HOST_TEXT_CHARS = 200,
	RAW_READ_MAX = 256,
	LINE_LIMIT = 1000000000,
	PID_LIMIT = 4194304 /* PID_MAX_LIMIT (include/linux/threads.h) */
};

/* What the readers below share. false: *err says where the document is malformed. */
struct facts_reader {
	struct arena *arena;
	const struct json *json;
	struct facts *facts;
	struct error *err;
};

static const cJSON *facts_member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool facts_json_is_null(const cJSON *object, const char *name)
{
	return cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* A text that may be null or missing. */
static bool facts_read_text(const struct facts_reader *reader,
		const cJSON *object,
		const char *name,
		const char **ret)
{
	if (facts_json_is_null(object, name))
		return true;
	return json_string(reader->json, object, name, reader->arena, ret, reader->err);
}

static bool facts_read_number(const struct facts_reader *reader,
		const cJSON *object,
		const char *name,
		double *ret)
{
	if (facts_json_is_null(object, name))
		return true;
	return json_number(reader->json, object, name, ret, reader->err);
}

/* The cleaned form of a host's name: facts files come from elsewhere. */
static bool read_clean(const struct facts_reader *reader,
		const cJSON *object,
		const char *name,
		const char **ret)
{
	if (!facts_read_text(reader, object, name, ret))
		return false;
	if (*ret)
		*ret = text_clean(reader->arena, *ret, strlen(*ret), HOST_TEXT_CHARS);
	return true;
}

/* Facts whose time is not understood would count as facts without an age. */
static bool facts_check_time(const struct facts_reader *reader,
		const cJSON *object,
		const char *name)
{
	time_t moment;
	const cJSON *value = facts_member(object, name);
	if (!cJSON_IsString(value) || clock_parse(value->valuestring, &moment))
		return true;
	return json_error(reader->json,
			value,
			reader->err,
			"\"%s\" must be a time, as in 2026-01-31T08:00:00Z, not \"%.40s\"",
			name,
			value->valuestring);
}

struct text_member {
	const char *name;
	const char **ret;
};

static bool facts_read_texts(const struct facts_reader *reader,
		const cJSON *object,
		const struct text_member *members,
		size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!facts_read_text(reader, object, members[i].name, members[i].ret))
			return false;
	}
	return true;
}

static bool read_host_texts(const struct facts_reader *reader,
		const cJSON *host,
		struct host_info *info)
{
	const struct text_member texts[] = {
			{"name", &info->name},
			{"fingerprint", &info->fingerprint},
			{"kernel", &info->kernel},
			{"os", &info->os},
			{"user", &info->user},
			{"virtualization", &info->virtualization},
			{"vantage", &info->vantage},
			{"container", &info->container},
			{"boot_id", &info->boot_id},
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (!read_clean(reader, host, texts[i].name, texts[i].ret))
			return false;
	}
	return true;
}

static bool read_host(const struct facts_reader *reader, const cJSON *host, struct host_info *info)
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
	double pid = 0;
	if (!json_check_members(reader->json, host, members, reader->err))
		return false;
	if (!read_host_texts(reader, host, info))
		return false;
	if (!facts_read_number(reader, host, "cpus", &info->cpus))
		return false;
	if (!facts_read_number(reader, host, "memory_bytes", &info->memory_bytes))
		return false;
	if (!facts_read_number(reader, host, "pid", &pid))
		return false;
	info->pid = 0;
	if (pid > 0 && pid <= PID_LIMIT)
		info->pid = (int)pid;
	return true;
}

static bool facts_read_bool(const struct facts_reader *reader, const cJSON *object, double *ret)
{
	bool truth = false;
	if (!json_bool(reader->json, object, "value", &truth, reader->err))
		return false;
	*ret = truth;
	return true;
}

/* The value of a known fact, which is there and not null. */
static bool read_known(const struct facts_reader *reader,
		const cJSON *object,
		const cJSON *value,
		struct fact *fact)
{
	static const char negative[] = "a fact must not be negative";
	if (fact->unit == UNIT_TEXT)
		return facts_read_text(reader, object, "value", &fact->text);
	if (fact->unit == UNIT_BOOL && cJSON_IsBool(value))
		return facts_read_bool(reader, object, &fact->number);
	if (!json_number(reader->json, object, "value", &fact->number, reader->err))
		return false;
	if (!(fact->number >= 0))
		return json_error(reader->json, value, reader->err, negative);
	return true;
}

static bool facts_read_value(const struct facts_reader *reader,
		const cJSON *object,
		struct fact *fact)
{
	static const char missing[] = "a known fact needs a \"value\"";
	static const char surplus[] = "a fact that is not known must not have a \"value\"";
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "value");
	bool empty = !value || cJSON_IsNull(value);
	bool known = fact->status == FACT_KNOWN;
	fact->number = NAN;
	if (known && empty)
		return json_error(reader->json, object, reader->err, missing);
	if (!known && !empty)
		return json_error(reader->json, value, reader->err, surplus);
	if (empty)
		return true;
	return read_known(reader, object, value, fact);
}

/* Without a status a fact is known, and without an origin it was read. */
static bool facts_read_words(const struct facts_reader *reader,
		const cJSON *object,
		struct fact *fact)
{
	static const char units[] =
			"\"unit\" must be count, bytes, seconds, per_s, ratio, bool, version or text";
	static const char statuses[] =
			"\"status\" must be known, absent, denied, malformed, not-visible or skipped";
	static const char origins[] =
			"\"origin\" must be read, measured, given, proposed, constant or derived";
	const struct json *json = reader->json;
	struct error *err = reader->err;
	const char *unit = NULL, *status = "known", *origin = "read";
	if (!json_string(json, object, "unit", reader->arena, &unit, err))
		return false;
	if (!json_string(json, object, "status", reader->arena, &status, err))
		return false;
	if (!json_string(json, object, "origin", reader->arena, &origin, err))
		return false;
	if (!unit || !unit_from_name(unit, &fact->unit))
		return json_error(json, object, err, units);
	if (!fact_status_from_name(status, &fact->status))
		return json_error(json, object, err, statuses);
	if (!fact_origin_from_name(origin, &fact->origin))
		return json_error(json, object, err, origins);
	return true;
}

static bool refuse_key(const struct facts_reader *reader, const cJSON *object, const char *key)
{
	char question[SUGGEST_MAX];
	suggest_question_about(question, "", keys_suggest(key));
	return json_error(reader->json,
			cJSON_GetObjectItemCaseSensitive(object, "key"),
			reader->err,
			"no such fact: %.100s%s",
			key,
			question);
}

static bool check_key(const struct facts_reader *reader,
		const cJSON *object,
		const struct fact *fact)
{
	if (!fact->key)
		return json_error(reader->json, object, reader->err, "a fact needs a \"key\"");
	const struct known_key *known = keys_find(fact->key);
	if (!known)
		return refuse_key(reader, object, fact->key);
	if (known->unit == fact->unit)
		return true;
	return json_error(reader->json,
			object,
			reader->err,
			"%s is in %s, not in %s",
			fact->key,
			unit_name(known->unit),
			unit_name(fact->unit));
}

/* The facts read so far. They are compared only once all are there: looking each up in the set
 * would sort the set each time. */
struct entry {
	const struct fact *fact;
	const cJSON *object;
};

struct entry_list {
	struct entry *items;
	size_t count, capacity;
};

static void entry_list_add(struct arena *arena,
		struct entry_list *list,
		const struct fact *fact,
		const cJSON *object)
{
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
	struct entry *entry = &list->items[list->count++];
	entry->fact = fact;
	entry->object = object;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = strcmp(left->fact->key, right->fact->key);
	if (order != 0)
		return order;
	return strcmp(left->fact->instance, right->fact->instance);
}

static bool check_twice(const struct facts_reader *reader, struct entry_list *list)
{
	static const char problem[] = "%s appears twice";
	if (list->count == 0)
		return true;
	qsort(list->items, list->count, sizeof *list->items, compare_entries);
	for (size_t i = 1; i < list->count; i++) {
		const struct entry *entry = &list->items[i];
		if (compare_entries(entry - 1, entry) == 0)
			return json_error(reader->json, entry->object, reader->err, problem, entry->fact->key);
	}
	return true;
}

static bool facts_check_members(const struct facts_reader *reader, const cJSON *object)
{
	static const char *const members[] = {
			"key",
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
			"was",
			NULL,
	};
	return json_check_members(reader->json, object, members, reader->err);
}

/* What --set replaced, {status, value}. */
static bool facts_read_was(const struct facts_reader *reader,
		const cJSON *object,
		struct fact *fact)
{
	static const char *const members[] = {"status", "value", NULL};
	static const char expected[] = "\"was\" needs a \"status\": known, absent, denied, …";
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "was");
	const char *status = "";
	if (!item)
		return true;
	struct fact *was = arena_alloc(reader->arena, sizeof *was);
	*was = (struct fact){.key = fact->key, .instance = fact->instance, .unit = fact->unit};
	if (!json_check_members(reader->json, item, members, reader->err))
		return false;
	if (!json_string(reader->json, item, "status", reader->arena, &status, reader->err))
		return false;
	if (!fact_status_from_name(status, &was->status))
		return json_error(reader->json, item, reader->err, expected);
	fact->was = was;
	return facts_read_value(reader, item, was);
}

static bool facts_read_name(const struct facts_reader *reader,
		const cJSON *object,
		struct fact *fact)
{
	const struct text_member texts[] = {
			{"key", &fact->key},
			{"instance", &fact->instance},
	};
	return facts_read_texts(reader, object, texts, COUNT_OF(texts));
}

/* Where the fact comes from. */
static bool read_provenance(const struct facts_reader *reader,
		const cJSON *object,
		struct fact *fact)
{
	const struct text_member texts[] = {
			{"raw", &fact->raw},
			{"read_at", &fact->read_at},
			{"set_by", &fact->set_by},
			{"note", &fact->note},
	};
	double line = 0;
	if (!facts_read_text(reader, object, "where", &fact->where))
		return false;
	if (!facts_read_number(reader, object, "line", &line))
		return false;
	if (!facts_read_texts(reader, object, texts, COUNT_OF(texts)))
		return false;
	if (!facts_check_time(reader, object, "read_at"))
		return false;
	if (line > 0 && line < LINE_LIMIT)
		fact->line = (int)line;
	if (fact->raw)
		fact->raw = arena_copy(reader->arena, fact->raw, strnlen(fact->raw, RAW_READ_MAX));
	return true;
}

/* The key is a known one. */
static bool check_positive(const struct facts_reader *reader,
		const cJSON *object,
		const struct fact *fact)
{
	bool none = fact->status == FACT_KNOWN && fact->number <= 0;
	if (!none || !keys_find(fact->key)->positive)
		return true;
	return json_error(reader->json, object, reader->err, "%s must be more than 0", fact->key);
}

static bool read_fact(const struct facts_reader *reader,
		const cJSON *object,
		struct entry_list *list)
{
	struct fact fact = {.instance = ""};
	if (!facts_check_members(reader, object) || !facts_read_words(reader, object, &fact))
		return false;
	if (!facts_read_name(reader, object, &fact) || !check_key(reader, object, &fact))
		return false;
	if (!facts_read_value(reader, object, &fact) || !check_positive(reader, object, &fact))
		return false;
	if (!read_provenance(reader, object, &fact) || !facts_read_was(reader, object, &fact))
		return false;
	entry_list_add(reader->arena, list, facts_put(reader->facts, fact), object);
	return true;
}

/* The value of a hand-written fact as the text that --set would have; NULL: it is none. */
static const char *value_as_text(struct arena *arena, const cJSON *value)
{
	char number[NUMBER_TEXT_MAX];
	if (cJSON_IsString(value))
		return value->valuestring;
	if (cJSON_IsTrue(value))
		return "true";
	if (cJSON_IsFalse(value))
		return "false";
	if (cJSON_IsNumber(value))
		return arena_strdup(arena, text_plain_number(number, value->valuedouble));
	return NULL;
}

/* "KEY": VALUE or "KEY[INSTANCE]": VALUE. */
static bool read_given(const struct facts_reader *reader, const cJSON *member)
{
	static const char expected[] = "%.100s: expected a number, a text, true or false";
	const char *text = value_as_text(reader->arena, member);
	const char *key = member->string, *instance = NULL;
	size_t length = strlen(key), bracket = strcspn(key, "[");
	struct error problem;
	if (!text)
		return json_error(reader->json, member, reader->err, expected, key);
	if (key[bracket] == '[' && key[length - 1] == ']') {
		instance = arena_copy(reader->arena, key + bracket + 1, length - bracket - 2);
		key = arena_copy(reader->arena, key, bracket);
	}
	if (given_put(reader->facts, key, instance, text, "facts file", &problem))
		return true;
	return json_error(reader->json, member, reader->err, "%s", problem.text);
}

static bool read_fact_list(const struct facts_reader *reader, const cJSON *list)
{
	struct entry_list all = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		if (!read_fact(reader, item, &all))
			return false;
	}
	return check_twice(reader, &all);
}

static bool read_given_facts(const struct facts_reader *reader, const cJSON *object)
{
	const cJSON *member;
	cJSON_ArrayForEach(member, object) {
		if (!read_given(reader, member))
			return false;
	}
	return true;
}

static bool facts_read_all(const struct facts_reader *reader, const cJSON *facts)
{
	static const char wrong[] = "\"facts\" must be a list of facts, or an object {\"KEY\": VALUE}";
	const struct json *json = reader->json;
	if (!facts)
		return json_error(json, json_root(json), reader->err, "it lacks \"facts\"");
	if (cJSON_IsArray(facts))
		return read_fact_list(reader, facts);
	if (cJSON_IsObject(facts))
		return read_given_facts(reader, facts);
	return json_error(json, facts, reader->err, wrong);
}

void facts_complete_info(const struct facts *facts, struct host_info *info)
{
	double cpus = facts_number(facts, "host.cpus");
	double memory = facts_number(facts, "memory.total");
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

static bool facts_check_tool(const struct facts_reader *reader, const cJSON *tool)
{
	static const char *const members[] = {"name", "version", NULL};
	return !tool || json_check_members(reader->json, tool, members, reader->err);
}

static bool facts_check_schema(const struct facts_reader *reader,
		const cJSON *root,
		const char **ret_schema)
{
	static const char *const members[] = {
			"schema",
			"tool",
			"created",
			"host",
			"collected",
			"facts",
			"comment",
			NULL,
	};
	static const char problem[] = "\"schema\" must be \"%s\" or \"%s\"";
	const struct json *json = reader->json;
	const char *schema = "";
	if (!json_check_members(json, root, members, reader->err))
		return false;
	if (!json_string(json, root, "schema", reader->arena, &schema, reader->err))
		return false;
	bool second = strcmp(schema, FACTS_SCHEMA) == 0;
	bool first = strcmp(schema, FACTS_SCHEMA_1) == 0;
	*ret_schema = schema;
	if (first || second)
		return facts_check_tool(reader, facts_member(root, "tool"));
	return json_error(json, root, reader->err, problem, FACTS_SCHEMA, FACTS_SCHEMA_1);
}

/* 0.1 wrote a list of facts, who was asked, and when. */
static bool headroom_1_wrote(const cJSON *root, const char *schema)
{
	const cJSON *host = facts_member(root, "host");
	bool first = strcmp(schema, FACTS_SCHEMA_1) == 0;
	bool list = cJSON_IsArray(facts_member(root, "facts"));
	bool named = facts_member(host, "vantage") && facts_member(host, "boot_id");
	return first && list && named && facts_member(root, "created");
}

static bool facts_read_collected(const struct facts_reader *reader,
		const cJSON *root,
		const char *schema)
{
	const cJSON *collected = facts_member(root, "collected");
	facts_sort(reader->facts);
	if (!collected && headroom_1_wrote(root, schema))
		collected_by_headroom_1(reader->facts);
	if (!collected_from_json(reader->json, collected, reader->facts, reader->err))
		return false;
	collected_of_system(reader->facts);
	return true;
}

bool facts_from_json(struct arena *arena,
		const struct json *json,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err)
{
	const struct facts_reader reader = {arena, json, facts, err};
	const cJSON *root = json_root(json);
	const cJSON *host = facts_member(root, "host");
	const char *schema;
	bool has_host = host && !cJSON_IsNull(host);
	if (!facts_check_schema(&reader, root, &schema))
		return false;
	if (!read_clean(&reader, root, "created", &ret_info->created))
		return false;
	if (!facts_check_time(&reader, root, "created"))
		return false;
	if (has_host && !read_host(&reader, host, ret_info))
		return false;
	if (!facts_read_all(&reader, facts_member(root, "facts")))
		return false;
	if (!facts_read_collected(&reader, root, schema))
		return false;
	facts_complete_info(facts, ret_info);
	return true;
}
