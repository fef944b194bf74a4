/* headroom.facts, headroom.audit (its facts are judged again), {"host", "error"}, and snapshot
 * trees. */
#include "audit/fleet/read.h"

#include <string.h>

#include "audit/run/age.h"
#include "base/os/json.h"
#include "base/text.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/host.h"

static const cJSON *read_member_in(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool has_schema(const cJSON *root, const char *start)
{
	const cJSON *schema = read_member_in(root, "schema");
	return cJSON_IsString(schema) && text_begins_with(schema->valuestring, start);
}

/* {"host": "gen-017", "error": "no route to host"} */
static bool read_error_in(struct arena *arena, const cJSON *root, struct fleet_answer *ret)
{
	enum {
		ERROR_CHARS = 200
	};
	const cJSON *host = read_member_in(root, "host"), *error = read_member_in(root, "error");
	if (!cJSON_IsString(host) || !cJSON_IsString(error))
		return false;
	ret->info.name = text_clean(arena, host->valuestring, strlen(host->valuestring), 200);
	ret->error = text_clean(arena, error->valuestring, strlen(error->valuestring), ERROR_CHARS);
	return true;
}

static void move_member(cJSON *from, const char *name, cJSON *to, const char *as)
{
	cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(from, name);
	if (item)
		(void)cJSON_AddItemToObject(to, as, item);
}

/* What is derived is derived anew. */
static void drop_derived(cJSON *facts)
{
	for (cJSON *fact = facts ? facts->child : NULL, *next; fact; fact = next) {
		next = fact->next;
		const cJSON *origin = read_member_in(fact, "origin");
		if (cJSON_IsString(origin) && strcmp(origin->valuestring, "derived") == 0)
			cJSON_Delete(cJSON_DetachItemViaPointer(facts, fact));
	}
}

/* The facts of an audit document as a document of their own, written and read again so that it is
 * checked like any other. */
static struct json *facts_of_audit(const char *where, const cJSON *root, struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *audit = cJSON_Duplicate(root, true);
	__attribute__((cleanup(json_close_tree))) cJSON *facts = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(facts, "schema", FACTS_SCHEMA);
	move_member(audit, "as_of", facts, "created");
	move_member(audit, "host", facts, "host");
	move_member(audit, "collected", facts, "collected");
	move_member(audit, "facts", facts, "facts");
	drop_derived(cJSON_GetObjectItemCaseSensitive(facts, "facts"));
	char *printed = cJSON_PrintUnformatted(facts);
	struct json *json = json_read(where, printed, strlen(printed), err);
	cJSON_free(printed);
	return json;
}

static bool read_document_in(struct arena *arena,
		const struct fleet_item *item,
		struct fleet_answer *ret,
		struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json =
			json_read(item->where, item->bytes, item->length, err);
	if (!json)
		return false;
	if (read_error_in(arena, json_root(json), ret))
		return true;
	if (!has_schema(json_root(json), "headroom.audit/"))
		return facts_from_json(arena, json, ret->facts, &ret->info, err);
	if (!cJSON_IsArray(read_member_in(json_root(json), "facts")))
		return error_set(err, "%.300s: this audit contains no facts to judge", item->where);
	__attribute__((cleanup(json_close))) struct json *facts =
			facts_of_audit(item->where, json_root(json), err);
	return facts && facts_from_json(arena, facts, ret->facts, &ret->info, err);
}

static bool read_tree(struct arena *arena,
		const struct fleet_item *item,
		struct fleet_answer *ret,
		struct error *err)
{
	const struct host_options options = {.facts_path = item->path};
	return host_probe(arena, &options, ret->facts, &ret->info, err);
}

/* Most documents are as headroom writes them. */
static bool read_quickly(struct arena *arena,
		const struct fleet_reading *reading,
		const struct fleet_item *item,
		struct fleet_answer *ret)
{
	const struct quick_input input = {
			.arena = arena,
			.keys = reading->keys,
			.bytes = arena_copy(arena, item->bytes, item->length),
			.length = item->length,
	};
	return facts_quick(&input, ret->facts, &ret->info);
}

static bool read_any(struct arena *arena,
		const struct fleet_reading *reading,
		const struct fleet_item *item,
		struct fleet_answer *ret,
		struct error *err)
{
	switch (item->kind) {
	case ITEM_DOCUMENT:
		ret->quick = read_quickly(arena, reading, item, ret);
		if (ret->quick)
			return true;
		return read_document_in(arena, item, ret, err);
	case ITEM_TREE:
		return read_tree(arena, item, ret, err);
	case ITEM_BROKEN:
	case ITEM_LINE:
		break;
	}
	const char *why = text_clean(arena, item->bytes, item->length, 300);
	return error_set(err, "%.300s: %s", item->where, why);
}

bool fleet_read(struct arena *arena,
		const struct fleet_reading *reading,
		const struct fleet_item *item,
		struct fleet_answer *ret,
		struct error *err)
{
	*ret = (struct fleet_answer){.facts = facts_new(arena)};
	const struct name_list *sets = &reading->options->sets;
	if (!read_any(arena, reading, item, ret, err))
		return false;
	if (!given_set_all(ret->facts, sets->items, sets->count, err))
		return false;
	facts_sort(ret->facts);
	ret->as_of = age_as_of(ret->facts, &ret->info);
	return true;
}
