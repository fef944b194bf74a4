/* Reads settings from JSON. A member is named like its option, with underscores.
 *
 * headroom.json of the current directory came with a checkout, and a checkout is somebody else's
 * word: git had the same fault before safe.directory. From it only what the option table allows
 * (enum option_checkout) is taken, and the rest is named. */
#include "audit/cli/settings_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/foreign.h"
#include "audit/cli/option_reader.h"
#include "base/array.h"
#include "base/os/json.h"
#include "base/os/open.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"
#include "report/document/view.h"

static const char checkout_path[] = "headroom.json";

bool settings_has(const struct option_row *row, enum command_id command)
{
	static const char *const never[] = {"help", "config"};
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		if (!strcmp(never[i], row->name))
			return false;
	}
	return option_applies(row, command) && !row->hidden;
}

const char *settings_member(struct arena *arena, const char *option)
{
	char *name = arena_strdup(arena, option);
	for (char *dash = name; (dash = strchr(dash, '-'));)
		*dash = '_';
	return name;
}

struct file {
	const struct run *run;
	enum command_id command;
	const struct json *json;
	struct options *options;
	bool trusted;            /* the caller named it */
	struct foreign *foreign; /* what is said about it */
};

static bool set_text(const struct file *file,
		const cJSON *node,
		const struct option_row *row,
		const char *text,
		struct error *err)
{
	struct arena *arena = file->run->arena;
	struct error why = {0};
	const char *name = row->name;
	if (node->string) /* an element of a list has no name */
		name = node->string;
	const char *shown = arena_printf(arena, "\"%s\"", name);
	/* The document is closed before the options are used. */
	const char *copy = arena_strdup(arena, text);
	if (options_set(arena, file->command, row->name, copy, shown, file->options, &why))
		return true;
	return json_error(file->json, node, err, "%s", why.text);
}

static const char *wanted_type(enum option_kind kind)
{
	switch (kind) {
	case OPTION_SWITCH:
		return "true or false";
	case OPTION_LIST:
	case OPTION_COMMAS:
		return "a list of texts";
	case OPTION_NUMBER:
		return "a number, or a text with its unit";
	case OPTION_TEXT:
	case OPTION_CHOICE:
		break;
	}
	return "a text";
}

static bool settings_set_list(const struct file *file,
		const struct option_row *row,
		const cJSON *node,
		struct error *err)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, node) {
		if (!cJSON_IsString(item))
			return json_error(file->json,
					item,
					err,
					"\"%s\" must be a list of texts",
					node->string);
		if (!set_text(file, item, row, item->valuestring, err))
			return false;
	}
	return true;
}

static bool set_node(const struct file *file,
		const struct option_row *row,
		const cJSON *node,
		struct error *err)
{
	bool is_switch = row->kind == OPTION_SWITCH;
	bool is_list = row->kind == OPTION_LIST || row->kind == OPTION_COMMAS;
	if (is_switch && cJSON_IsString(node))
		return json_error(file->json, node, err, "\"%s\" must be true or false", node->string);
	if (is_switch && cJSON_IsBool(node)) {
		options_switch(file->options, row, cJSON_IsTrue(node));
		return true;
	}
	if (cJSON_IsString(node))
		return set_text(file, node, row, node->valuestring, err);
	if (is_list && cJSON_IsArray(node))
		return settings_set_list(file, row, node, err);
	if (row->kind == OPTION_NUMBER && cJSON_IsNumber(node)) {
		char number[NUMBER_TEXT_MAX];
		return set_text(file, node, row, text_plain_number(number, node->valuedouble), err);
	}
	return json_error(file->json, node, err, "\"%s\": %s", node->string, wanted_type(row->kind));
}

void settings_name_workload(struct arena *arena, struct options *options, const char *name)
{
	options->arguments = (struct name_list){0};
	name_list_append(arena, &options->arguments, name);
}

/* --- the plan
 * -------------------------------------------------------------------------------------- */

static bool names_file(const char *name)
{
	return strchr(name, '/') || text_ends_with(name, ".json");
}

/* A plan in another file of the checkout. */
static bool read_described(const struct file *file,
		const cJSON *node,
		const char *name,
		struct error *err)
{
	struct arena *arena = file->run->arena;
	struct error why = {0};
	__attribute__((cleanup(json_close))) struct json *json = json_read_below(AT_FDCWD, name, &why);
	if (!json)
		return json_error(file->json, node, err, "\"workload\": %s", why.text);
	file->options->is_described = true;
	return workload_from_json(arena, json, json_root(json), NULL, &file->options->described, err);
}

/* What a checkout says of the plan counts only where the command line leaves it open. */
static bool describe_workload(const struct file *file, const cJSON *node, struct error *err)
{
	struct options *options = file->options;
	const char *name = node->valuestring;
	if (cJSON_IsObject(node)) {
		options->is_described = true;
		return workload_from_json(file->run->arena,
				file->json,
				node,
				NULL,
				&options->described,
				err);
	}
	if (names_file(name))
		return read_described(file, node, arena_strdup(file->run->arena, name), err);
	options->described_name = arena_strdup(file->run->arena, name);
	return true;
}

static bool name_workload(const struct file *file, const cJSON *node, struct error *err)
{
	struct options *options = file->options;
	struct arena *arena = file->run->arena;
	if (cJSON_IsString(node)) {
		settings_name_workload(arena, options, arena_strdup(arena, node->valuestring));
		return true;
	}
	options->workload_flags++;
	return workload_from_json(arena, file->json, node, NULL, &options->workload, err);
}

/* The name of a ready workload, a file, or the plan itself. */
static bool set_workload(const struct file *file, const cJSON *node, struct error *err)
{
	bool named = cJSON_IsString(node) && *node->valuestring;
	if (!named && !cJSON_IsObject(node))
		return json_error(file->json,
				node,
				err,
				"\"workload\" must be a preset name, a file name or an object with the plan");
	name_list_append(file->run->arena, &file->foreign->taken, "workload");
	if (file->trusted)
		return name_workload(file, node, err);
	return describe_workload(file, node, err);
}

/* --- the options
 * -------------------------------------------------------------------------------------- */

/* "FILE" or "FORMAT:FILE". A format alone, or with "-", is standard output. */
static bool is_file_below(const char *output)
{
	const char *colon = strchr(output, ':');
	if (!open_is_below(output))
		return false;
	if (!colon)
		return strchr(output, '.');
	return open_is_below(colon + 1) && strcmp(colon + 1, "-") != 0;
}

static void note_member(const struct file *file, struct name_list *list, const char *member)
{
	name_list_append(file->run->arena, list, member);
}

static bool take_outputs(const struct file *file, const char *member, struct name_list *outputs)
{
	struct arena *arena = file->run->arena;
	struct name_list below = {0};
	for (size_t i = 0; i < outputs->count; i++) {
		const char *output = outputs->items[i];
		if (is_file_below(output))
			name_list_append(arena, &below, output);
		else
			note_member(file, &file->foreign->left, arena_printf(arena, "%s %s", member, output));
	}
	*outputs = below;
	file->options->outputs_below = below.count > 0;
	return below.count > 0;
}

/* A number as the file sets it less the default. */
static double above_default(const struct option_row *row, const char *value)
{
	struct options defaults;
	options_init(&defaults);
	const char *usual = (const char *)&defaults + row->offset;
	return *(const double *)(const void *)value - *(const double *)(const void *)usual;
}

/* May a checkout say this? `wanted` has the option as the file sets it, and the defaults of all
 * others. */
static bool may_be_taken(const struct file *file,
		const struct option_row *row,
		const char *member,
		struct options *wanted)
{
	const char *value = (const char *)wanted + row->offset;
	switch (row->checkout) {
	case CHECKOUT_MAY:
		return true;
	case CHECKOUT_LOWERS:
		return above_default(row, value) <= 0;
	case CHECKOUT_RAISES:
		return above_default(row, value) >= 0;
	case CHECKOUT_NOT_OFF:
		return strcmp(*(const char *const *)(const void *)value, "off") != 0;
	case CHECKOUT_BELOW_HERE:
		return take_outputs(file, member, &wanted->outputs);
	case CHECKOUT_NEVER:
		break;
	}
	return false;
}

/* A switch that is off anyway wants nothing. */
static bool wants_nothing(const struct option_row *row, const cJSON *node)
{
	return row->kind == OPTION_SWITCH && cJSON_IsFalse(node);
}

static bool take_node(const struct file *file,
		const struct option_row *row,
		const char *member,
		const cJSON *node,
		struct error *err)
{
	struct options *wanted = arena_alloc(file->run->arena, sizeof *wanted);
	struct file alone = *file;
	options_init(wanted);
	alone.options = wanted;
	if (!set_node(&alone, row, node, err))
		return false;
	if (wants_nothing(row, node))
		return true;
	size_t left = file->foreign->left.count;
	if (may_be_taken(file, row, member, wanted)) {
		options_merge(file->options, wanted);
		note_member(file, &file->foreign->taken, member);
	} else if (file->foreign->left.count == left) {
		note_member(file, &file->foreign->left, member);
	}
	return true;
}

static bool settings_check_names(const struct file *file, struct error *err)
{
	const char *names[OPTIONS_MAX + 3] = {"schema", "workload"};
	size_t count = 2;
	for (size_t i = 0; i < option_rows_count; i++) {
		if (settings_has(&option_rows[i], file->command))
			names[count++] = settings_member(file->run->arena, option_rows[i].name);
	}
	return json_check_members(file->json, json_root(file->json), names, err);
}

static bool set_option_of(const struct file *file,
		const struct option_row *row,
		const char *member,
		const cJSON *node,
		struct error *err)
{
	if (!file->trusted)
		return take_node(file, row, member, node, err);
	note_member(file, &file->foreign->taken, member);
	return set_node(file, row, node, err);
}

static bool wrong_schema(const struct file *file, const cJSON *schema, struct error *err)
{
	const char *text = cJSON_GetStringValue(schema);
	return json_error(file->json,
			schema,
			err,
			"the schema is \"%.60s\", not headroom.settings/1, so this is no settings file; "
			"rename it, or add --no-config",
			text ? text : "");
}

static bool set_members(const struct file *file, struct error *err)
{
	struct arena *arena = file->run->arena;
	const cJSON *root = json_root(file->json);
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(root, "schema");
	const cJSON *workload = cJSON_GetObjectItemCaseSensitive(root, "workload");
	if (!cJSON_IsObject(root))
		return json_error(file->json, root, err, "settings must be an object: {\"workload\": …}");
	if (schema && strcmp(view_raw(root, "schema"), "headroom.settings/1") != 0)
		return wrong_schema(file, schema, err);
	if (!settings_check_names(file, err))
		return false;
	if (workload && !set_workload(file, workload, err))
		return false;
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!settings_has(row, file->command))
			continue;
		const char *name = settings_member(arena, row->name);
		const cJSON *node = cJSON_GetObjectItemCaseSensitive(root, name);
		if (node && !set_option_of(file, row, name, node, err))
			return false;
	}
	return true;
}

static struct foreign *add_foreign(const struct file *file, const char *path)
{
	struct arena *arena = file->run->arena;
	char digest[SHA256_HEX_MAX];
	return foreign_add(arena,
			file->run->foreign,
			FOREIGN_SETTINGS,
			path,
			arena_strdup(arena, json_digest(file->json, digest)));
}

bool settings_file(const struct run *run,
		enum command_id command,
		const char *path,
		struct options *options,
		struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	struct file file = {run, command, json, options, true, NULL};
	if (!json)
		return false;
	file.foreign = add_foreign(&file, path);
	return set_members(&file, err);
}

bool settings_checkout(const struct run *run,
		enum command_id command,
		struct options *options,
		struct error *err)
{
	if (faccessat(AT_FDCWD, checkout_path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
		return true;
	__attribute__((
			cleanup(json_close))) struct json *json = json_read_below(AT_FDCWD, checkout_path, err);
	struct file file = {run, command, json, options, false, NULL};
	if (!json)
		return false;
	file.foreign = add_foreign(&file, "./headroom.json");
	file.foreign->way_out =
			"to trust it, add --config ./headroom.json; to skip the file, --no-config";
	return set_members(&file, err);
}
