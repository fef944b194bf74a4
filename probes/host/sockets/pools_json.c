/* pools.json of a snapshot: the counts of each pool, not its sockets. */
#include "probes/host/sockets/pools_json.h"

#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/text.h"

enum {
	PINNED_TEXT_MAX = 1 << 20
};

static const char pools_schema[] = "headroom.pools/1";
static const char *const pools_lists[] = {"pools", "locals", "routes"};

/* An address alone, as endpoint_text writes it with port 0. */
static const char *pools_address_text(struct arena *arena, const struct endpoint *at)
{
	char *text = arena_strdup(arena, endpoint_text(arena, at));
	*strrchr(text, ':') = '\0';
	return text;
}

static bool pools_address_parse(struct arena *arena, const char *text, struct endpoint *ret_at)
{
	return endpoint_parse(arena_printf(arena, "%.60s:0", text), ret_at);
}

static cJSON *pool_to_json(struct arena *arena, const struct pool *pool)
{
	const struct {
		const char *name;
		uint32_t count;
	} counts[] = {
			{"sockets", pool->sockets},
			{"established", pool->established},
			{"time_wait", pool->time_wait},
			{"ports", pool->ports},
			{"reusable", pool->reusable},
	};
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "from", pools_address_text(arena, &pool->from));
	cJSON_AddStringToObject(item, "to", endpoint_text(arena, &pool->to));
	for (size_t i = 0; i < COUNT_OF(counts); i++)
		cJSON_AddNumberToObject(item, counts[i].name, counts[i].count);
	return item;
}

static cJSON *local_to_json(struct arena *arena, const struct local *local)
{
	struct text text = {0};
	cJSON *item = cJSON_CreateObject();
	portset_print(&local->held, &text);
	cJSON_AddStringToObject(item, "at", pools_address_text(arena, &local->at));
	cJSON_AddStringToObject(item, "held", text_string(&text));
	text_release(&text);
	return item;
}

static cJSON *route_to_json(struct arena *arena, const struct pool_route *route)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "to", pools_address_text(arena, &route->to));
	cJSON_AddStringToObject(item, "source", pools_address_text(arena, &route->source));
	return item;
}

static int pools_length(const cJSON *root, const char *name)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, name);
	return cJSON_GetArraySize(list);
}

/* How long each list is. */
static void pools_add_collected(cJSON *root)
{
	cJSON *collected = cJSON_AddObjectToObject(root, "collected");
	for (size_t i = 0; i < COUNT_OF(pools_lists); i++) {
		const char *name = pools_lists[i];
		int length = pools_length(root, name);
		cJSON_AddNumberToObject(collected, name, length);
	}
}

cJSON *pools_to_json(struct arena *arena, const struct pools *pools, const char *pinned)
{
	const struct pool **all;
	size_t count = pools_sorted(arena, pools, &all), kept = count;
	cJSON *root = cJSON_CreateObject();
	if (kept > POOLS_DETAIL)
		kept = POOLS_DETAIL;
	cJSON_AddStringToObject(root, "schema", pools_schema);
	cJSON_AddNumberToObject(root, "total", (double)count);
	if (kept < count)
		cJSON_AddNumberToObject(root, "largest_unlisted", all[kept]->sockets);
	cJSON *list = cJSON_AddArrayToObject(root, "pools");
	for (size_t i = 0; i < kept; i++)
		cJSON_AddItemToArray(list, pool_to_json(arena, all[i]));
	cJSON *locals = cJSON_AddArrayToObject(root, "locals");
	for (size_t i = 0; i < pools->local_count; i++)
		cJSON_AddItemToArray(locals, local_to_json(arena, &pools->locals[i]));
	cJSON *routes = cJSON_AddArrayToObject(root, "routes");
	for (size_t i = 0; i < pools->route_count; i++)
		cJSON_AddItemToArray(routes, route_to_json(arena, &pools->routes[i]));
	pools_add_collected(root);
	if (pools->more_locals)
		cJSON_AddBoolToObject(root, "more_locals", true);
	if (pinned)
		cJSON_AddStringToObject(root, "pinned", pinned);
	return root;
}

/* What the readers below share. */
struct pools_reader {
	struct arena *arena;
	const struct json *json;
	struct kept_pools *kept;
	struct error *err;
};

/* A member that is missing leaves *ret as it is. */
static bool pools_read_text(const struct pools_reader *reader,
		const cJSON *object,
		const char *name,
		const char **ret)
{
	const struct json *json = reader->json;
	return json_string(json, object, name, reader->arena, ret, reader->err);
}

static bool pools_read_count(const struct pools_reader *reader,
		const cJSON *object,
		const char *name,
		uint32_t *ret)
{
	return json_uint32(reader->json, object, name, ret, reader->err);
}

static bool pools_read_address(const struct pools_reader *reader,
		const cJSON *object,
		const char *name,
		struct endpoint *ret)
{
	const char *text = "";
	if (!pools_read_text(reader, object, name, &text))
		return false;
	if (pools_address_parse(reader->arena, text, ret))
		return true;
	return json_error(reader->json, object, reader->err, "\"%s\" must be an ADDRESS", name);
}

static bool pools_read_endpoint(const struct pools_reader *reader,
		const cJSON *object,
		struct endpoint *ret)
{
	const char *text = "";
	if (!pools_read_text(reader, object, "to", &text))
		return false;
	if (endpoint_parse(text, ret))
		return true;
	return json_error(reader->json, object, reader->err, "\"to\" must be an ADDRESS:PORT");
}

static bool pools_read_pool(const struct pools_reader *reader, const cJSON *item)
{
	struct pool pool = {.sockets = 0};
	const struct {
		const char *name;
		uint32_t *ret;
	} counts[] = {
			{"sockets", &pool.sockets},
			{"established", &pool.established},
			{"time_wait", &pool.time_wait},
			{"ports", &pool.ports},
			{"reusable", &pool.reusable},
	};
	if (!pools_read_address(reader, item, "from", &pool.from))
		return false;
	if (!pools_read_endpoint(reader, item, &pool.to))
		return false;
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		if (!pools_read_count(reader, item, counts[i].name, counts[i].ret))
			return false;
	}
	if (pool.sockets == 0)
		return json_error(reader->json, item, reader->err, "a pool needs at least one socket");
	pools_set(reader->arena, &reader->kept->pools, &pool);
	return true;
}

static bool pools_read_local(const struct pools_reader *reader, const cJSON *item)
{
	static const char problem[] = "\"held\" must be a list of ports like \"40000,41000-41100\"";
	struct endpoint at;
	struct error ignored = {0};
	const char *text = "";
	if (!pools_read_address(reader, item, "at", &at))
		return false;
	if (!pools_read_text(reader, item, "held", &text))
		return false;
	struct local *local = pools_local(reader->arena, &reader->kept->pools, &at);
	if (local && portset_parse(text, &local->held, &ignored))
		return true;
	return json_error(reader->json, item, reader->err, problem);
}

static bool pools_read_route(const struct pools_reader *reader, const cJSON *item)
{
	struct pool_route route;
	if (!pools_read_address(reader, item, "to", &route.to))
		return false;
	if (!pools_read_address(reader, item, "source", &route.source))
		return false;
	pools_add_route(reader->arena, &reader->kept->pools, &route);
	return true;
}

typedef bool pools_item_fn(const struct pools_reader *reader, const cJSON *item);

static bool pools_read_list(const struct pools_reader *reader,
		const cJSON *root,
		const char *name,
		pools_item_fn *read)
{
	const cJSON *item;
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, name);
	if (!cJSON_IsArray(list))
		return json_error(reader->json, root, reader->err, "\"%s\" must be a list", name);
	cJSON_ArrayForEach(item, list) {
		if (!read(reader, item))
			return false;
	}
	return true;
}

static bool pools_read_schema(const struct pools_reader *reader, const cJSON *root)
{
	static const char problem[] = "\"schema\" must be \"%s\"";
	const char *schema = "";
	if (!pools_read_text(reader, root, "schema", &schema))
		return false;
	if (strcmp(schema, pools_schema) == 0)
		return true;
	return json_error(reader->json, root, reader->err, problem, pools_schema);
}

static bool pools_read_lists(const struct pools_reader *reader, const cJSON *root)
{
	static const struct {
		const char *name;
		pools_item_fn *read;
	} lists[] = {
			{"pools", pools_read_pool},
			{"locals", pools_read_local},
			{"routes", pools_read_route},
	};
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (!pools_read_list(reader, root, lists[i].name, lists[i].read))
			return false;
	}
	return true;
}

/* An entry that is lost would otherwise not be missed. */
static bool pools_check_collected(const struct pools_reader *reader, const cJSON *root)
{
	static const char fewer[] = "\"%s\" does not have as many entries as were counted";
	const cJSON *collected = cJSON_GetObjectItemCaseSensitive(root, "collected");
	if (!collected)
		return json_error(reader->json, root, reader->err, "\"collected\" is missing");
	for (size_t i = 0; i < COUNT_OF(pools_lists); i++) {
		const char *name = pools_lists[i];
		uint32_t count = 0;
		if (!pools_read_count(reader, collected, name, &count))
			return false;
		if (pools_length(root, name) != (int)count)
			return json_error(reader->json, root, reader->err, fewer, name);
	}
	return true;
}

static bool pools_read_totals(const struct pools_reader *reader, const cJSON *root)
{
	static const char total_problem[] = "\"total\" is less than the number of listed pools";
	static const char largest_problem[] = "\"largest_unlisted\" is negative";
	struct kept_pools *kept = reader->kept;
	const struct json *json = reader->json;
	struct error *err = reader->err;
	double listed = (double)kept->pools.count;
	kept->total = listed;
	if (!json_number(json, root, "total", &kept->total, err))
		return false;
	if (!json_number(json, root, "largest_unlisted", &kept->largest_unlisted, err))
		return false;
	if (kept->total < listed)
		return json_error(json, root, err, total_problem);
	if (kept->largest_unlisted < 0)
		return json_error(json, root, err, largest_problem);
	return json_bool(json, root, "more_locals", &kept->pools.more_locals, err);
}

static bool pools_read_root(const struct pools_reader *reader, const cJSON *root)
{
	struct kept_pools *kept = reader->kept;
	struct arena *arena = reader->arena;
	if (!pools_read_schema(reader, root))
		return false;
	if (!pools_read_lists(reader, root))
		return false;
	if (!pools_check_collected(reader, root))
		return false;
	if (!pools_read_totals(reader, root))
		return false;
	if (!pools_read_text(reader, root, "pinned", &kept->pinned))
		return false;
	if (!kept->pinned)
		return true;
	size_t length = strlen(kept->pinned);
	kept->pinned = text_clean(arena, kept->pinned, length, PINNED_TEXT_MAX);
	return true;
}

bool pools_from_json(struct arena *arena,
		const char *bytes,
		size_t length,
		struct kept_pools *ret_kept,
		struct error *err)
{
	*ret_kept = (struct kept_pools){.total = 0};
	struct json *json = json_read("pools.json", bytes, length, err);
	if (!json)
		return false;
	const struct pools_reader reader = {arena, json, ret_kept, err};
	bool read = pools_read_root(&reader, json_root(json));
	json_free(json);
	return read;
}
