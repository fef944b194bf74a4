/* headroom.workload/2 to and from struct workload. Completes nothing and knows no presets. */
#include "probes/plan/workload_json.h"

#include <math.h>
#include <string.h>

#include "base/os/json.h"
#include "base/text.h"

#define COUNT_MAX 9007199254740992.0 /* 2^53 */

static const char loads_member[] = "loads";

/* One document being read. */
struct plan_reader {
	struct arena *arena;
	const struct json *json;
	const char *from;     /* NULL: file and line */
	const cJSON *origins; /* or NULL */
	struct workload *workload;
	struct error *err;
};

/* The name of a field inside its object: "upstream.closer" is "closer" in "upstream". */
static const char *inner_name(enum workload_field field, bool *ret_upstream)
{
	static const char prefix[] = "upstream.";
	const char *name = workload_rows[field].name;
	*ret_upstream = text_begins_with(name, prefix);
	return *ret_upstream ? name + sizeof prefix - 1 : name;
}

/* Finite, not negative, at most 2^53, whole where it counts. `node` is a number, or a text with a
 * unit. */
static bool workload_json_read_number(struct plan_reader *reader,
		const cJSON *node,
		const char *name,
		enum unit unit,
		double *ret)
{
	struct error inner;
	double number = cJSON_IsNumber(node) ? node->valuedouble : 0;
	if (cJSON_IsString(node) && !unit_parse(node->valuestring, unit, &number, &inner))
		return json_error(reader->json, node, reader->err, "\"%s\": %s", name, inner.text);
	if (!cJSON_IsNumber(node) && !cJSON_IsString(node))
		return json_error(reader->json, node, reader->err, "\"%s\" must be a number", name);
	if (number < 0)
		return json_error(reader->json, node, reader->err, "\"%s\" must not be negative", name);
	if (!isfinite(number) || number > COUNT_MAX)
		return json_error(reader->json,
				node,
				reader->err,
				"\"%s\" must be a number of at most 2^53",
				name);
	if (unit == UNIT_COUNT && number != floor(number))
		return json_error(reader->json, node, reader->err, "\"%s\" must be a whole number", name);
	*ret = number;
	return true;
}

/* A text without control characters, not empty. */
static bool workload_json_read_text(struct plan_reader *reader,
		const cJSON *node,
		const char *name,
		const char **ret)
{
	if (!cJSON_IsString(node) || !*node->valuestring)
		return json_error(reader->json,
				node,
				reader->err,
				"\"%s\" must be a text that is not empty",
				name);
	for (const char *at = node->valuestring; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == '\x7f')
			return json_error(reader->json,
					node,
					reader->err,
					"\"%s\" contains a control character",
					name);
	}
	*ret = arena_strdup(reader->arena, node->valuestring);
	return true;
}

/* Texts are read as a flag's argument is: one meaning for both. */
static bool read_as_flag(struct plan_reader *reader, const cJSON *node, enum workload_field field)
{
	const char *name = workload_rows[field].name, *text;
	struct error inner;
	if (!workload_json_read_text(reader, node, name, &text))
		return false;
	if (!workload_set(reader->arena, reader->workload, field, text, NULL, &inner))
		return json_error(reader->json, node, reader->err, "\"%s\": %s", name, inner.text);
	return true;
}

static bool workload_json_read_list(struct plan_reader *reader,
		const cJSON *node,
		enum workload_field field)
{
	struct workload_value *value = &reader->workload->values[field];
	const char *name = workload_rows[field].name;
	int count = cJSON_GetArraySize(node);
	if (!cJSON_IsArray(node)) {
		if (!workload_json_read_number(reader, node, name, UNIT_COUNT, &value->number))
			return false;
		return value->number >= 1 ||
				json_error(reader->json, node, reader->err, "\"%s\" must be at least 1", name);
	}
	if (count < 1 || count > WORKLOAD_LIST_MAX)
		return json_error(reader->json,
				node,
				reader->err,
				"\"%s\" must have 1 to %d entries",
				name,
				WORKLOAD_LIST_MAX);
	const char **items = arena_alloc(reader->arena, (size_t)count * sizeof *items);
	size_t i = 0;
	const cJSON *item;
	struct error inner;
	cJSON_ArrayForEach(item, node) {
		if (!workload_json_read_text(reader, item, name, &items[i]))
			return false;
		if (!workload_check_entry(field, items[i++], &inner))
			return json_error(reader->json, item, reader->err, "\"%s\": %s", name, inner.text);
	}
	workload_set_list(reader->arena, value, items, i);
	return true;
}

static bool read_stage(struct plan_reader *reader, const cJSON *node, struct workload_stage *stage)
{
	static const char *const names[] = {"duration_s", "connections", "open_rate_per_s", NULL};
	*stage = (struct workload_stage){.connections = NAN, .open_rate_per_s = NAN};
	if (!json_check_members(reader->json, node, names, reader->err))
		return false;
	const cJSON *duration = cJSON_GetObjectItemCaseSensitive(node, "duration_s");
	const cJSON *connections = cJSON_GetObjectItemCaseSensitive(node, "connections");
	const cJSON *rate = cJSON_GetObjectItemCaseSensitive(node, "open_rate_per_s");
	if (!duration)
		return json_error(reader->json, node, reader->err, "a stage needs \"duration_s\"");
	if (!connections == !rate)
		return json_error(reader->json,
				node,
				reader->err,
				"a stage needs exactly one of \"connections\" and \"open_rate_per_s\"");
	return workload_json_read_number(reader,
				   duration,
				   "duration_s",
				   UNIT_SECONDS,
				   &stage->duration_s) &&
			(rate ? workload_json_read_number(reader,
							rate,
							"open_rate_per_s",
							UNIT_PER_S,
							&stage->open_rate_per_s)
				  : workload_json_read_number(reader,
							connections,
							"connections",
							UNIT_COUNT,
							&stage->connections));
}

static bool workload_json_read_stages(struct plan_reader *reader, const cJSON *node)
{
	struct workload *workload = reader->workload;
	int count = cJSON_GetArraySize(node);
	if (!cJSON_IsArray(node) || count < 1 || count > WORKLOAD_STAGES_MAX)
		return json_error(reader->json,
				node,
				reader->err,
				"\"stages\" must be a list of 1 to %d stages",
				WORKLOAD_STAGES_MAX);
	workload->stages = arena_alloc(reader->arena, (size_t)count * sizeof *workload->stages);
	const cJSON *item;
	cJSON_ArrayForEach(item, node) {
		if (!read_stage(reader, item, &workload->stages[workload->stage_count++]))
			return false;
	}
	return true;
}

static bool read_group(struct plan_reader *reader, const cJSON *node, struct workload_group *group)
{
	static const char *const names[] = {"name", "share", NULL};
	if (!json_check_members(reader->json, node, names, reader->err))
		return false;
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(node, "name");
	const cJSON *share = cJSON_GetObjectItemCaseSensitive(node, "share");
	if (!name || !share)
		return json_error(reader->json, node, reader->err, "a group needs \"name\" and \"share\"");
	return workload_json_read_text(reader, name, "name", &group->name) &&
			workload_json_read_number(reader, share, "share", UNIT_RATIO, &group->share);
}

static bool read_groups(struct plan_reader *reader, const cJSON *node)
{
	struct workload *workload = reader->workload;
	int count = cJSON_GetArraySize(node);
	if (!cJSON_IsArray(node) || count < 1 || count > WORKLOAD_GROUPS_MAX)
		return json_error(reader->json,
				node,
				reader->err,
				"\"groups\" must be a list of 1 to %d groups",
				WORKLOAD_GROUPS_MAX);
	workload->groups = arena_alloc(reader->arena, (size_t)count * sizeof *workload->groups);
	double sum = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, node) {
		struct workload_group *group = &workload->groups[workload->group_count++];
		if (!read_group(reader, item, group))
			return false;
		sum += group->share;
	}
	if (fabs(sum - 1) > 1e-6)
		return json_error(reader->json,
				node,
				reader->err,
				"the shares of the groups add up to %g, not to 1",
				sum);
	return true;
}

/* Dispatches on the kind. A text always reads as the flag's argument would. */
static bool workload_json_read_value(struct plan_reader *reader,
		const cJSON *node,
		enum workload_field field)
{
	const struct workload_row *row = &workload_rows[field];
	if (cJSON_IsString(node) && row->kind != FIELD_TEXT)
		return read_as_flag(reader, node, field);
	switch (row->kind) {
	case FIELD_NUMBER:
	case FIELD_NOFILE:
		return workload_json_read_number(reader,
				node,
				row->name,
				row->unit,
				&reader->workload->values[field].number);
	case FIELD_LIST:
		return workload_json_read_list(reader, node, field);
	case FIELD_STAGES:
		return workload_json_read_stages(reader, node);
	case FIELD_GROUPS:
		return read_groups(reader, node);
	case FIELD_CHOICE:
	case FIELD_TEXT:
		break;
	}
	return workload_json_read_text(reader, node, row->name, &reader->workload->values[field].text);
}

/* The value with which a field of this plan was completed, or NULL. The plan of an audit has such
 * fields. */
static const cJSON *completed_value(const struct plan_reader *reader, enum workload_field field)
{
	const char *name = workload_rows[field].name;
	const cJSON *origin = cJSON_GetObjectItemCaseSensitive(reader->origins, name);
	return cJSON_GetObjectItemCaseSensitive(origin, "completed");
}

/* A field that still has the value with which it was completed is left out: nobody asked for it,
 * and it is completed again. Another value was written by the user. */
static bool read_field(struct plan_reader *reader, const cJSON *node, enum workload_field field)
{
	struct workload_value *value = &reader->workload->values[field];
	const cJSON *completed = completed_value(reader, field);
	if (completed && cJSON_Compare(node, completed, true))
		return true;
	if (!workload_json_read_value(reader, node, field))
		return false;
	value->set = true;
	value->confidence = reader->workload->confidence;
	value->from = reader->from ? reader->from : json_where(reader->json, node, reader->arena);
	return true;
}

/* The fields that stand in this object: at the top, or inside "upstream". */
static bool read_fields(struct plan_reader *reader, const cJSON *object, bool want_upstream)
{
	const char *names[WORKLOAD_FIELDS + 5] = {NULL};
	size_t count = 0;
	bool upstream;
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		const char *name = inner_name((enum workload_field)i, &upstream);
		if (upstream == want_upstream)
			names[count++] = name;
	}
	if (!want_upstream) {
		static const char *const others[] = {"schema", "upstream", "confidence", "origins"};
		memcpy(names + count, others, sizeof others);
	}
	if (!json_check_members(reader->json, object, names, reader->err))
		return false;
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		const char *name = inner_name((enum workload_field)i, &upstream);
		const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, name);
		if (upstream == want_upstream && node && !read_field(reader, node, (enum workload_field)i))
			return false;
	}
	return true;
}

static bool read_confidence(struct plan_reader *reader, const cJSON *node, enum confidence *ret)
{
	if (!node)
		return true;
	if (cJSON_IsString(node) && confidence_from_name(node->valuestring, ret))
		return true;
	return json_error(reader->json,
			node,
			reader->err,
			"\"confidence\" must be one of: exact, bound, estimate, needs-input");
}

static bool read_origin(struct plan_reader *reader, const cJSON *node)
{
	static const char *const names[] = {"confidence", "from", "completed", NULL};
	int field = 0;
	while (field < WORKLOAD_FIELDS && strcmp(workload_rows[field].name, node->string) != 0)
		field++;
	if (field == WORKLOAD_FIELDS)
		return json_error(reader->json, node, reader->err, "unknown field \"%.60s\"", node->string);
	struct workload_value *value = &reader->workload->values[field];
	if (!json_check_members(reader->json, node, names, reader->err))
		return false;
	if (cJSON_GetObjectItemCaseSensitive(node, "completed"))
		return true;
	const cJSON *from = cJSON_GetObjectItemCaseSensitive(node, "from");
	return read_confidence(reader,
				   cJSON_GetObjectItemCaseSensitive(node, "confidence"),
				   &value->confidence) &&
			(!from || workload_json_read_text(reader, from, "from", &value->from));
}

static bool read_origins(struct plan_reader *reader, const cJSON *object)
{
	if (object && !cJSON_IsObject(object))
		return json_error(reader->json, object, reader->err, "\"origins\" must be an object {…}");
	const cJSON *item;
	cJSON_ArrayForEach(item, object) {
		if (!read_origin(reader, item))
			return false;
	}
	return true;
}

bool workload_schema_is_read(const char *schema)
{
	if (strcmp(schema, WORKLOAD_SCHEMA) == 0)
		return true;
	return strcmp(schema, WORKLOAD_SCHEMA_BEFORE) == 0;
}

static bool workload_json_check_schema(struct plan_reader *reader, const cJSON *object)
{
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(object, "schema");
	if (!cJSON_IsObject(object))
		return json_error(reader->json, object, reader->err, "a workload must be an object {…}");
	if (!schema)
		return true;
	if (cJSON_IsString(schema) && workload_schema_is_read(schema->valuestring))
		return true;
	return json_error(reader->json,
			schema,
			reader->err,
			"\"schema\" must be \"" WORKLOAD_SCHEMA "\" or \"" WORKLOAD_SCHEMA_BEFORE "\"");
}

bool workload_from_json(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		const char *from,
		struct workload *ret,
		struct error *err)
{
	struct plan_reader reader = {.arena = arena,
			.json = json,
			.from = from,
			.origins = cJSON_GetObjectItemCaseSensitive(object, "origins"),
			.workload = ret,
			.err = err};
	*ret = (struct workload){0};
	const cJSON *loads = cJSON_GetObjectItemCaseSensitive(object, loads_member);
	if (loads)
		return json_error(json, loads, err, "\"loads\": only one load is allowed here");
	if (!workload_json_check_schema(&reader, object) ||
			!read_confidence(&reader,
					cJSON_GetObjectItemCaseSensitive(object, "confidence"),
					&ret->confidence) ||
			!read_fields(&reader, object, false))
		return false;
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(object, "schema");
	ret->first_version = schema && strcmp(schema->valuestring, WORKLOAD_SCHEMA_BEFORE) == 0;
	const cJSON *upstream = cJSON_GetObjectItemCaseSensitive(object, "upstream");
	return (!upstream || read_fields(&reader, upstream, true)) &&
			read_origins(&reader, reader.origins);
}

/* --- several loads --- */

static bool read_load(struct plan_reader *reader, const cJSON *node, struct workload *load)
{
	return workload_from_json(reader->arena, reader->json, node, reader->from, load, reader->err);
}

static bool check_loads(struct plan_reader *reader, const cJSON *object, const cJSON *list)
{
	static const char *const names[] = {"schema", "name", loads_member, NULL};
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(object, "schema");
	int count = cJSON_GetArraySize(list);
	if (!workload_json_check_schema(reader, object) ||
			!json_check_members(reader->json, object, names, reader->err))
		return false;
	if (schema && strcmp(schema->valuestring, WORKLOAD_SCHEMA) != 0)
		return json_error(reader->json,
				schema,
				reader->err,
				"a plan with \"loads\" needs the schema \"" WORKLOAD_SCHEMA "\"");
	if (cJSON_IsArray(list) && count >= 1 && count <= LOADS_MAX)
		return true;
	return json_error(reader->json,
			list,
			reader->err,
			"\"loads\" must be a list of 1 to %d loads",
			LOADS_MAX);
}

static bool read_loads(struct plan_reader *reader,
		const cJSON *object,
		const cJSON *list,
		struct loads *ret)
{
	const cJSON *item, *name = cJSON_GetObjectItemCaseSensitive(object, "name");
	if (!check_loads(reader, object, list))
		return false;
	if (name && !workload_json_read_text(reader, name, "name", &ret->name))
		return false;
	ret->items = arena_alloc(reader->arena, LOADS_MAX * sizeof *ret->items);
	cJSON_ArrayForEach(item, list) {
		if (!read_load(reader, item, &ret->items[ret->count++]))
			return false;
	}
	struct workload_value *own = &ret->items[0].values[W_NAME];
	if (ret->count == 1 && name && !own->set)
		*own = (struct workload_value){.set = true, .text = ret->name};
	return true;
}

bool loads_from_json(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		const char *from,
		struct loads *ret,
		struct error *err)
{
	struct plan_reader reader = {.arena = arena, .json = json, .from = from, .err = err};
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, loads_member);
	*ret = (struct loads){0};
	if (list)
		return read_loads(&reader, object, list, ret);
	struct workload *only = arena_alloc(arena, sizeof *only);
	*ret = loads_of(only);
	return read_load(&reader, object, only);
}

bool loads_from_file(struct arena *arena, const char *path, struct loads *ret, struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	return json && loads_from_json(arena, json, json_root(json), NULL, ret, err);
}

static cJSON *number_node(double number)
{
	if (isinf(number))
		return cJSON_CreateString("unlimited");
	return cJSON_CreateNumber(number);
}

static cJSON *list_node(const struct workload_value *value)
{
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; i < (size_t)value->number; i++) {
		unsigned times = 1;
		if (value->weights)
			times = value->weights[i];
		for (unsigned k = 0; k < times; k++)
			cJSON_AddItemToArray(array, cJSON_CreateString(value->list[i]));
	}
	return array;
}

static cJSON *stages_node(const struct workload *workload)
{
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; i < workload->stage_count; i++) {
		const struct workload_stage *stage = &workload->stages[i];
		bool rate = isnan(stage->connections);
		cJSON *object = cJSON_CreateObject();
		cJSON_AddItemToObject(object, "duration_s", number_node(stage->duration_s));
		cJSON_AddItemToObject(object,
				rate ? "open_rate_per_s" : "connections",
				number_node(rate ? stage->open_rate_per_s : stage->connections));
		cJSON_AddItemToArray(array, object);
	}
	return array;
}

static cJSON *groups_node(const struct workload *workload)
{
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; i < workload->group_count; i++) {
		cJSON *object = cJSON_CreateObject();
		cJSON_AddItemToObject(object, "name", cJSON_CreateString(workload->groups[i].name));
		cJSON_AddItemToObject(object, "share", number_node(workload->groups[i].share));
		cJSON_AddItemToArray(array, object);
	}
	return array;
}

static cJSON *value_node(const struct workload *workload, enum workload_field field)
{
	const struct workload_value *value = &workload->values[field];
	enum field_kind kind = workload_rows[field].kind;
	if (kind == FIELD_STAGES)
		return stages_node(workload);
	if (kind == FIELD_GROUPS)
		return groups_node(workload);
	if (kind == FIELD_LIST && value->list)
		return list_node(value);
	return value->text ? cJSON_CreateString(value->text) : number_node(value->number);
}

/* Stages and groups may come without a value of their own: they are there if there are any. */
static bool workload_json_is_there(const struct workload *workload, enum workload_field field)
{
	if (workload_rows[field].kind == FIELD_STAGES)
		return workload->stage_count > 0;
	if (workload_rows[field].kind == FIELD_GROUPS)
		return workload->group_count > 0;
	return workload->values[field].set;
}

static cJSON *origin_node(const struct workload *workload, enum workload_field field)
{
	const struct workload_value *value = &workload->values[field];
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToObject(object,
			"confidence",
			cJSON_CreateString(confidence_name(value->confidence)));
	if (value->from)
		cJSON_AddItemToObject(object, "from", cJSON_CreateString(value->from));
	if (value->assumed || value->derived)
		cJSON_AddItemToObject(object, "completed", value_node(workload, field));
	return object;
}

cJSON *workload_to_json(const struct workload *workload)
{
	cJSON *object = cJSON_CreateObject(), *upstream = cJSON_CreateObject();
	cJSON *origins = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "schema", cJSON_CreateString(WORKLOAD_SCHEMA));
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		bool inside;
		const char *name = inner_name((enum workload_field)i, &inside);
		const struct workload_value *value = &workload->values[i];
		bool there = workload_json_is_there(workload, (enum workload_field)i);
		if (there)
			cJSON_AddItemToObject(inside ? upstream : object,
					name,
					value_node(workload, (enum workload_field)i));
		if (value->from || value->confidence != (there ? workload->confidence : CONFIDENCE_EXACT))
			cJSON_AddItemToObject(origins,
					workload_rows[i].name,
					origin_node(workload, (enum workload_field)i));
	}
	if (upstream->child)
		cJSON_AddItemToObject(object, "upstream", upstream);
	else
		cJSON_Delete(upstream);
	cJSON_AddItemToObject(object,
			"confidence",
			cJSON_CreateString(confidence_name(workload->confidence)));
	if (origins->child)
		cJSON_AddItemToObject(object, "origins", origins);
	else
		cJSON_Delete(origins);
	return object;
}

cJSON *loads_to_json(struct arena *arena, const struct loads *loads)
{
	if (loads->count == 1)
		return workload_to_json(&loads->items[0]);
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "schema", cJSON_CreateString(WORKLOAD_SCHEMA));
	cJSON_AddItemToObject(object, "name", cJSON_CreateString(loads_plan_name(arena, loads)));
	cJSON *list = cJSON_AddArrayToObject(object, loads_member);
	for (size_t i = 0; i < loads->count; i++) {
		cJSON *load = workload_to_json(&loads->items[i]);
		cJSON_DeleteItemFromObjectCaseSensitive(load, "schema");
		cJSON_AddItemToArray(list, load);
	}
	return object;
}
