/* Writing facts as JSON. Strings from the host were cleaned when they were read; `raw` keeps its
 * bytes. */
#include "probes/host/facts/json.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "probes/host/facts/collected.h"

/* The tree refers to the names of members, which are literals, and to the texts of the facts. It
 * copies neither. */
static void json_add_text(cJSON *object, const char *name, const char *text)
{
	cJSON *item;
	if (text)
		item = cJSON_CreateStringReference(text);
	else
		item = cJSON_CreateNull();
	cJSON_AddItemToObjectCS(object, name, item);
}

static void json_add_number(cJSON *object, const char *name, double number)
{
	if (isinf(number))
		json_add_text(object, name, "unlimited");
	else if (isnan(number))
		json_add_text(object, name, NULL);
	else
		cJSON_AddItemToObjectCS(object, name, cJSON_CreateNumber(number));
}

/* The same for numbers that are 0 where they are not known. */
static void json_add_positive(cJSON *object, const char *name, double number)
{
	if (number > 0)
		json_add_number(object, name, number);
	else
		json_add_text(object, name, NULL);
}

static cJSON *json_text(const char *text)
{
	if (!text)
		return cJSON_CreateNull();
	return cJSON_CreateStringReference(text);
}

cJSON *fact_value_to_json(const struct fact *fact)
{
	if (fact->status != FACT_KNOWN)
		return cJSON_CreateNull();
	if (fact->unit == UNIT_TEXT)
		return json_text(fact->text);
	if (fact->unit == UNIT_BOOL)
		return cJSON_CreateBool(fact->number > 0);
	if (isinf(fact->number))
		return json_text("unlimited");
	if (isnan(fact->number))
		return cJSON_CreateNull();
	return cJSON_CreateNumber(fact->number);
}

static void json_add_value(cJSON *object, const struct fact *fact)
{
	cJSON_AddItemToObjectCS(object, "value", fact_value_to_json(fact));
}

/* What --set replaced. */
static void json_add_was(cJSON *object, const struct fact *was)
{
	if (!was)
		return;
	cJSON *item = cJSON_CreateObject();
	json_add_text(item, "status", fact_status_name(was->status));
	json_add_value(item, was);
	cJSON_AddItemToObjectCS(object, "was", item);
}

/* The raw text as it was read. Bytes that are not UTF-8 are replaced; then raw_hex has them all. */
static void add_raw(cJSON *object, const char *raw)
{
	if (!raw || text_is_utf8(raw, strlen(raw))) {
		json_add_text(object, "raw", raw);
		return;
	}
	struct arena *arena = arena_new();
	size_t length = strlen(raw);
	char *hex = arena_alloc(arena, 2 * length + 1);
	cJSON_AddStringToObject(object, "raw", text_clean(arena, raw, length, 0));
	cJSON_AddStringToObject(object, "raw_hex", hex_encode(raw, length, hex));
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
	json_add_positive(object, "line", fact->line);
	add_raw(object, fact->raw);
	json_add_text(object, "read_at", fact->read_at);
	json_add_text(object, "set_by", fact->set_by);
	json_add_text(object, "note", fact->note);
	json_add_was(object, fact->was);
	return object;
}

struct named_text {
	const char *name, *text;
};

static void json_add_texts(cJSON *object, const struct named_text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_add_text(object, texts[i].name, texts[i].text);
}

cJSON *host_to_json(const struct host_info *info)
{
	const struct named_text names[] = {
			{"name", info->name},
			{"fingerprint", info->fingerprint},
			{"kernel", info->kernel},
			{"os", info->os},
	};
	const struct named_text views[] = {
			{"virtualization", info->virtualization},
			{"container", info->container},
			{"vantage", info->vantage},
			{"boot_id", info->boot_id},
			{"user", info->user},
	};
	cJSON *object = cJSON_CreateObject();
	json_add_texts(object, names, COUNT_OF(names));
	json_add_positive(object, "cpus", info->cpus);
	json_add_positive(object, "memory_bytes", info->memory_bytes);
	json_add_texts(object, views, COUNT_OF(views));
	json_add_positive(object, "pid", info->pid);
	return object;
}

cJSON *facts_to_json(const struct facts *facts, const struct host_info *info, const char *version)
{
	cJSON *root = cJSON_CreateObject();
	json_add_text(root, "schema", FACTS_SCHEMA);
	cJSON *tool = cJSON_AddObjectToObject(root, "tool");
	json_add_text(tool, "name", "headroom");
	json_add_text(tool, "version", version);
	json_add_text(root, "created", info->created);
	cJSON *host = host_to_json(info);
	cJSON *collected = collected_to_json(facts);
	cJSON_AddItemToObject(root, "host", host);
	cJSON_AddItemToObject(root, "collected", collected);
	cJSON *list = cJSON_AddArrayToObject(root, "facts");
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = facts->items[i];
		cJSON_AddItemToArray(list, fact_to_json(fact));
	}
	return root;
}
