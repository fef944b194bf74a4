/* Reads a catalogue strictly. Chooses nothing: machine.c does. */
#include "audit/size/catalogue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/os/json.h"
#include "report/document/view.h"

static const char built_in[] = "rules/catalogue/vm-types.json";

/* The largest VMs have 32 TiB and some 2,000 vCPUs. */
static const double vcpus_max = 65536, memory_bytes_max = 1e15, price_max = 1e6;

static bool catalogue_in_range(const struct json *json,
		const cJSON *object,
		const char *name,
		double value,
		double most,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (value > 0 && value <= most)
		return true;
	return json_error(json,
			member ? member : object,
			err,
			"\"%s\" must be a number above 0 and at most %g",
			name,
			most);
}

/* In place of a source. */
static const char by_ratio[] = "family-ratio";

static bool catalogue_find_source(const struct json *json,
		const cJSON *object,
		const struct catalogue *catalogue,
		struct machine_type *ret,
		struct error *err)
{
	const char *id = view_raw(object, "source");
	ret->by_ratio = strcmp(id, by_ratio) == 0;
	if (!*id || ret->by_ratio)
		return true;
	for (size_t i = 0; i < catalogue->source_count; i++) {
		const struct catalogue_source *source = &catalogue->sources[i];
		if (source->id && strcmp(source->id, id) == 0)
			ret->source = source;
	}
	if (ret->source)
		return true;
	return json_error(json,
			object,
			err,
			"no source has the \"id\" %.40s; for a size without a source write \"%s\"",
			id,
			by_ratio);
}

static bool catalogue_read_type(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		struct machine_type *ret,
		struct error *err)
{
	static const char *const members[] = {
			"provider",
			"name",
			"arch",
			"vcpus",
			"memory_bytes",
			"price_per_hour",
			"source",
			NULL,
	};
	*ret = (struct machine_type){.provider = "",
			.vcpus = (double)NAN,
			.memory_bytes = (double)NAN,
			.price_per_hour = (double)NAN};
	if (!json_check_members(json, object, members, err) ||
			!json_string(json, object, "provider", arena, &ret->provider, err) ||
			!json_string(json, object, "name", arena, &ret->name, err) ||
			!json_string(json, object, "arch", arena, &ret->arch, err) ||
			!json_number(json, object, "vcpus", &ret->vcpus, err) ||
			!json_number(json, object, "memory_bytes", &ret->memory_bytes, err) ||
			!json_number(json, object, "price_per_hour", &ret->price_per_hour, err))
		return false;
	if (!ret->name || !*ret->name || strlen(ret->name) > 100 || strlen(ret->provider) > 60)
		return json_error(json, object, err, "a type needs a \"name\" of at most 100 characters");
	if (ret->arch && strlen(ret->arch) > 20)
		return json_error(json, object, err, "\"arch\" may have at most 20 characters");
	return catalogue_in_range(json, object, "vcpus", ret->vcpus, vcpus_max, err) &&
			catalogue_in_range(json,
					object,
					"memory_bytes",
					ret->memory_bytes,
					memory_bytes_max,
					err) &&
			(isnan(ret->price_per_hour) ||
					catalogue_in_range(json,
							object,
							"price_per_hour",
							ret->price_per_hour,
							price_max,
							err));
}

static int catalogue_order(double a, double b)
{
	return (a > b) - (a < b);
}

static int catalogue_by_size(const void *left, const void *right)
{
	const struct machine_type *a = left, *b = right;
	int result = strcmp(a->provider, b->provider);
	if (!result && !isnan(a->price_per_hour) && !isnan(b->price_per_hour))
		result = catalogue_order(a->price_per_hour, b->price_per_hour);
	if (!result)
		result = catalogue_order(a->vcpus, b->vcpus);
	if (!result)
		result = catalogue_order(a->memory_bytes, b->memory_bytes);
	/* What most programs are built for goes first. */
	if (!result)
		result = (a->arch != NULL) - (b->arch != NULL);
	return result ? result : strcmp(a->name, b->name);
}

static bool catalogue_read_types(struct arena *arena,
		const struct json *json,
		const cJSON *root,
		struct catalogue *ret,
		struct error *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "types"), *item;
	int count = cJSON_GetArraySize(list);
	if (!cJSON_IsArray(list) || !count || count > CATALOGUE_TYPES_MAX)
		return json_error(json,
				list ? list : root,
				err,
				"\"types\" must be a list of 1 to %d types",
				CATALOGUE_TYPES_MAX);
	ret->types = arena_alloc(arena, (size_t)count * sizeof *ret->types);
	ret->priced = true;
	cJSON_ArrayForEach(item, list) {
		struct machine_type *type = &ret->types[ret->count];
		if (!cJSON_IsObject(item))
			return json_error(json,
					item,
					err,
					"a type must be an object: {\"name\", \"vcpus\", \"memory_bytes\"}");
		if (!catalogue_read_type(arena, json, item, type, err))
			return false;
		if (!catalogue_find_source(json, item, ret, type, err))
			return false;
		ret->priced &= !isnan(type->price_per_hour);
		ret->count++;
	}
	qsort(ret->types, ret->count, sizeof *ret->types, catalogue_by_size);
	return true;
}

static bool catalogue_read_source(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		struct catalogue_source *ret,
		struct error *err)
{
	static const char *const members[] = {"id", "title", "url", "read", NULL};
	if (!cJSON_IsObject(object))
		return json_error(json,
				object,
				err,
				"a source must be an object: {\"id\", \"title\", \"url\"}");
	return json_check_members(json, object, members, err) &&
			json_string(json, object, "id", arena, &ret->id, err) &&
			json_string(json, object, "title", arena, &ret->title, err) &&
			json_string(json, object, "url", arena, &ret->url, err) &&
			json_string(json, object, "read", arena, &ret->read, err);
}

static bool catalogue_read_sources(struct arena *arena,
		const struct json *json,
		const cJSON *root,
		struct catalogue *ret,
		struct error *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "sources"), *item;
	int count = cJSON_GetArraySize(list);
	if (!list)
		return true;
	if (!cJSON_IsArray(list) || count > CATALOGUE_SOURCES_MAX)
		return json_error(json,
				list,
				err,
				"\"sources\" must be a list of at most %d",
				CATALOGUE_SOURCES_MAX);
	ret->sources = arena_alloc(arena, ((size_t)count + 1) * sizeof *ret->sources);
	cJSON_ArrayForEach(item, list) {
		struct catalogue_source *source = &ret->sources[ret->source_count++];
		*source = (struct catalogue_source){.id = NULL};
		if (!catalogue_read_source(arena, json, item, source, err))
			return false;
	}
	return true;
}

static bool catalogue_read_root(struct arena *arena,
		const struct json *json,
		struct catalogue *ret,
		struct error *err)
{
	static const char *const members[] =
			{"schema", "name", "dated", "note", "currency", "sources", "types", NULL};
	const cJSON *root = json_root(json);
	if (!cJSON_IsObject(root) || strcmp(view_raw(root, "schema"), "headroom.catalogue/1") != 0)
		return json_error(json,
				root,
				err,
				"this is not a catalogue: it lacks \"schema\": \"headroom.catalogue/1\"");
	ret->name = ret->dated = "";
	return json_check_members(json, root, members, err) &&
			json_string(json, root, "name", arena, &ret->name, err) &&
			json_string(json, root, "dated", arena, &ret->dated, err) &&
			json_string(json, root, "currency", arena, &ret->currency, err) &&
			catalogue_read_sources(arena, json, root, ret, err) &&
			catalogue_read_types(arena, json, root, ret, err);
}

bool catalogue_read(struct arena *arena,
		const char *path,
		struct catalogue *ret_catalogue,
		struct error *err)
{
	const struct embedded_file *file = path ? NULL : embedded_find(built_in);
	struct json *json = path ? json_read_file(path, err)
							 : json_read(built_in, (const char *)file->bytes, file->size, err);
	*ret_catalogue = (struct catalogue){.count = 0};
	bool good = json && catalogue_read_root(arena, json, ret_catalogue, err);
	json_free(json);
	return good;
}

static bool unknown_provider(struct arena *arena,
		const struct catalogue *catalogue,
		const char *provider,
		struct error *err)
{
	const char *names = "", *last = NULL;
	for (size_t i = 0; i < catalogue->count; i++) {
		const char *name = catalogue->types[i].provider;
		if (!last || strcmp(last, name) != 0)
			names = arena_printf(arena, "%s %s", names, name);
		last = name;
	}
	return error_set(err,
			"--provider: unknown provider \"%.60s\"; the catalogue has:%.300s",
			provider,
			names);
}

bool catalogue_keep(struct arena *arena,
		struct catalogue *catalogue,
		const char *provider,
		struct error *err)
{
	struct machine_type *kept = arena_alloc(arena, catalogue->count * sizeof *kept);
	size_t count = 0;
	for (size_t i = 0; i < catalogue->count; i++) {
		if (strcmp(catalogue->types[i].provider, provider) == 0)
			kept[count++] = catalogue->types[i];
	}
	if (count == 0)
		return unknown_provider(arena, catalogue, provider, err);
	catalogue->types = kept;
	catalogue->count = count;
	return true;
}
