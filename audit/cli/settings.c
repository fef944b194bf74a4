/* Reads headroom.json and HEADROOM_*. What an option takes is known to the option table alone: a
 * member or variable is an option's name with underscores. */
#include "audit/cli/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/option_reader.h"
#include "audit/cli/option_table.h"
#include "base/os/json.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

static const char default_path[] = "headroom.json";

/* Options that a setting cannot mean. */
static bool is_settable(const struct option_row *row, enum command_id command)
{
	static const char *const never[] = {"help", "config", "man", "bash", NULL};
	for (const char *const *name = never; *name; name++)
		if (!strcmp(*name, row->name))
			return false;
	return option_applies(row, command) && !row->hidden;
}

static const char *member_name(struct arena *arena, const char *option)
{
	char *name = arena_strdup(arena, option);
	for (char *at = name; *at; at++)
		*at = *at == '-' ? '_' : *at;
	return name;
}

static const char *variable_name(struct arena *arena, const char *option)
{
	char *name = arena_printf(arena, "HEADROOM_%s", member_name(arena, option));
	for (char *at = name; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return name;
}

/* --- the file
 * -------------------------------------------------------------------------------------- */

struct file {
	const struct run *run;
	enum command_id command;
	const struct json *json;
	struct options *options;
};

static bool set_text(const struct file *file,
		const cJSON *node,
		const char *option,
		const char *text,
		struct error *err)
{
	struct error why = {0};
	const char *shown =
			arena_printf(file->run->arena, "\"%s\"", node->string ? node->string : option);
	return options_set(file->run->arena, file->command, option, text, shown, file->options, &why) ||
			json_error(file->json, node, err, "%s", why.text);
}

static bool set_node(const struct file *file,
		const struct option_row *row,
		const cJSON *node,
		struct error *err)
{
	char number[NUMBER_TEXT_MAX];
	bool list = row->kind == OPTION_LIST || row->kind == OPTION_COMMAS;
	if (cJSON_IsString(node))
		return row->kind == OPTION_SWITCH
				? json_error(file->json, node, err, "\"%s\" is true or false", node->string)
				: set_text(file,
						  node,
						  row->name,
						  arena_strdup(file->run->arena, node->valuestring),
						  err);
	if (cJSON_IsBool(node) && row->kind == OPTION_SWITCH)
		return cJSON_IsFalse(node) || set_text(file, node, row->name, "", err);
	if (cJSON_IsNumber(node) && row->kind == OPTION_NUMBER)
		return set_text(file, node, row->name, text_plain_number(number, node->valuedouble), err);
	if (cJSON_IsArray(node) && list) {
		const cJSON *item;
		cJSON_ArrayForEach(item, node)
			if (!cJSON_IsString(item))
				return json_error(file->json, item, err, "\"%s\" holds texts", node->string);
			else if (!set_text(file,
							 item,
							 row->name,
							 arena_strdup(file->run->arena, item->valuestring),
							 err))
				return false;
		return true;
	}
	return json_error(file->json,
			node,
			err,
			"\"%s\": %s",
			node->string,
			row->kind == OPTION_SWITCH           ? "true or false"
					: list                       ? "a list of texts"
					: row->kind == OPTION_NUMBER ? "a number, or a text with its unit"
												 : "a text");
}

/* The name of a ready workload, a file, or the plan itself. */
static bool set_workload(const struct file *file, const cJSON *node, struct error *err)
{
	struct options *options = file->options;
	if (cJSON_IsObject(node)) {
		options->workload_flags++;
		return workload_from_json(file->run->arena,
				file->json,
				node,
				NULL,
				&options->workload,
				err);
	}
	if (!cJSON_IsString(node) || !*node->valuestring)
		return json_error(file->json,
				node,
				err,
				"\"workload\" is a name, a file, or an object with the plan");
	const char **items = arena_alloc(file->run->arena, sizeof *items);
	*items = arena_strdup(file->run->arena, node->valuestring);
	options->arguments = (struct name_list){items, 1, 1};
	return true;
}

static bool settings_check_names(const struct file *file, struct error *err)
{
	const char *names[80] = {"schema", "workload"};
	size_t count = 2;
	for (size_t i = 0; i < option_rows_count; i++)
		if (is_settable(&option_rows[i], file->command))
			names[count++] = member_name(file->run->arena, option_rows[i].name);
	return json_check_members(file->json, json_root(file->json), names, err);
}

static bool set_members(const struct file *file, struct error *err)
{
	struct arena *arena = file->run->arena;
	const cJSON *root = json_root(file->json);
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(root, "schema");
	const cJSON *workload = cJSON_GetObjectItemCaseSensitive(root, "workload");
	if (!cJSON_IsObject(root))
		return json_error(file->json, root, err, "the settings are an object: {\"workload\": …}");
	if (schema &&
			(!cJSON_IsString(schema) || strcmp(schema->valuestring, "headroom.settings/1") != 0))
		return json_error(file->json, schema, err, "\"schema\" is \"headroom.settings/1\"");
	if (!settings_check_names(file, err) || (workload && !set_workload(file, workload, err)))
		return false;
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		const cJSON *node = is_settable(row, file->command)
				? cJSON_GetObjectItemCaseSensitive(root, member_name(arena, row->name))
				: NULL;
		if (node && !set_node(file, row, node, err))
			return false;
	}
	return true;
}

static bool settings_read_file(const struct run *run,
		enum command_id command,
		struct options *options,
		struct error *err)
{
	const char *named = run->options->gate.config_path, *variable = getenv("HEADROOM_CONFIG");
	if (!named && variable && *variable)
		named = variable;
	if (!named && access(default_path, F_OK) != 0)
		return errno == ENOENT || error_set(err, "%s: %s", default_path, strerror(errno));
	__attribute__((cleanup(json_close))) struct json *json =
			json_read_file(named ? named : default_path, err);
	const struct file file = {run, command, json, options};
	return json && set_members(&file, err);
}

/* --- the environment
 * ------------------------------------------------------------------------------- */

static bool set_variable(const struct run *run,
		enum command_id command,
		const struct option_row *row,
		const char *variable,
		const char *value,
		struct options *options,
		struct error *err)
{
	if (row->kind == OPTION_SWITCH) {
		if (!strcmp(value, "0") || !strcmp(value, "false") || !strcmp(value, "no") ||
				!strcmp(value, "off"))
			return true;
		if (strcmp(value, "1") && strcmp(value, "true") && strcmp(value, "yes") &&
				strcmp(value, "on"))
			return error_set(err, "%s: \"%.60s\" is neither 1 nor 0", variable, value);
		return options_set(run->arena, command, row->name, "", variable, options, err);
	}
	if (row->kind != OPTION_LIST)
		return options_set(run->arena, command, row->name, value, variable, options, err);
	char *rest = arena_strdup(run->arena, value);
	for (char *item; (item = strsep(&rest, ",\n"));)
		if (*item && !options_set(run->arena, command, row->name, item, variable, options, err))
			return false;
	return true;
}

static bool settings_read_environment(const struct run *run,
		enum command_id command,
		struct options *options,
		struct error *err)
{
	const char *workload = getenv("HEADROOM_WORKLOAD");
	if (workload && *workload) {
		const char **items = arena_alloc(run->arena, sizeof *items);
		*items = workload;
		options->arguments = (struct name_list){items, 1, 1};
	}
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		const char *variable = variable_name(run->arena, row->name);
		const char *value = is_settable(row, command) ? getenv(variable) : NULL;
		if (value && *value && !set_variable(run, command, row, variable, value, options, err))
			return false;
	}
	return true;
}

const struct options *settings_read(const struct run *run,
		enum command_id command,
		struct error *err)
{
	struct options *options = arena_alloc(run->arena, sizeof *options);
	struct options *environment = arena_alloc(run->arena, sizeof *environment);
	options_init(options);
	options_init(environment);
	if (!settings_read_file(run, command, options, err) ||
			!settings_read_environment(run, command, environment, err))
		return NULL;
	options_merge(options, environment);
	options_merge(options, run->options);
	return options;
}
