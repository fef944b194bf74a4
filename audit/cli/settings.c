/* Reads headroom.json and HEADROOM_*. A member or a variable is named like its option, with
 * underscores; only the option table knows what an option takes. */
#include "audit/cli/settings.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/option_reader.h"
#include "audit/cli/option_table.h"
#include "base/array.h"
#include "base/os/json.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"
#include "report/document/view.h"

static const char default_path[] = "headroom.json";

/* Can a setting stand for this option? */
static bool is_settable(const struct option_row *row, enum command_id command)
{
	static const char *const never[] = {"help", "config", "man", "bash"};
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		if (!strcmp(never[i], row->name))
			return false;
	}
	return option_applies(row, command) && !row->hidden;
}

static const char *member_name(struct arena *arena, const char *option)
{
	char *name = arena_strdup(arena, option);
	for (char *dash = name; (dash = strchr(dash, '-'));)
		*dash = '_';
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
			return json_error(file->json, item, err, "\"%s\" holds texts", node->string);
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
		return json_error(file->json, node, err, "\"%s\" is true or false", node->string);
	if (is_switch && cJSON_IsFalse(node))
		return true;
	if (is_switch && cJSON_IsTrue(node))
		return set_text(file, node, row, "", err);
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

static void set_workload_name(struct arena *arena, struct options *options, const char *name)
{
	options->arguments = (struct name_list){0};
	name_list_append(arena, &options->arguments, name);
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
	const char *name = arena_strdup(file->run->arena, node->valuestring);
	set_workload_name(file->run->arena, options, name);
	return true;
}

static bool settings_check_names(const struct file *file, struct error *err)
{
	const char *names[80] = {"schema", "workload"};
	size_t count = 2;
	assert(option_rows_count + count < COUNT_OF(names));
	for (size_t i = 0; i < option_rows_count; i++) {
		if (is_settable(&option_rows[i], file->command))
			names[count++] = member_name(file->run->arena, option_rows[i].name);
	}
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
	if (schema && strcmp(view_raw(root, "schema"), "headroom.settings/1") != 0)
		return json_error(file->json, schema, err, "\"schema\" is \"headroom.settings/1\"");
	if (!settings_check_names(file, err))
		return false;
	if (workload && !set_workload(file, workload, err))
		return false;
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!is_settable(row, file->command))
			continue;
		const char *name = member_name(arena, row->name);
		const cJSON *node = cJSON_GetObjectItemCaseSensitive(root, name);
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
	const char *path = run->options->gate.config_path;
	const char *variable = getenv("HEADROOM_CONFIG");
	if (!path && variable && *variable)
		path = variable;
	if (!path) {
		path = default_path;
		if (access(path, F_OK) != 0)
			return errno == ENOENT || error_set(err, "%s: %s", path, strerror(errno));
	}
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	const struct file file = {run, command, json, options};
	return json && set_members(&file, err);
}

/* --- the environment
 * ------------------------------------------------------------------------------- */

static bool is_switch_word(const char *value, const char *const words[4])
{
	for (size_t i = 0; i < 4; i++) {
		if (!strcmp(value, words[i]))
			return true;
	}
	return false;
}

static bool set_switch(const struct run *run,
		enum command_id command,
		const struct option_row *row,
		const char *variable,
		const char *value,
		struct options *options,
		struct error *err)
{
	static const char *const yes[] = {"1", "true", "yes", "on"};
	static const char *const no[] = {"0", "false", "no", "off"};
	if (is_switch_word(value, no))
		return true;
	if (!is_switch_word(value, yes))
		return error_set(err, "%s: \"%.60s\" is neither 1 nor 0", variable, value);
	return options_set(run->arena, command, row->name, "", variable, options, err);
}

/* Lists take several in one variable, divided by commas or lines; only OPTION_LIST has to be
 * divided here. */
static bool set_variable(const struct run *run,
		enum command_id command,
		const struct option_row *row,
		const char *variable,
		const char *value,
		struct options *options,
		struct error *err)
{
	if (row->kind == OPTION_SWITCH)
		return set_switch(run, command, row, variable, value, options, err);
	if (row->kind != OPTION_LIST)
		return options_set(run->arena, command, row->name, value, variable, options, err);
	char *rest = arena_strdup(run->arena, value);
	for (char *item; (item = strsep(&rest, ",\n"));) {
		if (!*item)
			continue;
		if (!options_set(run->arena, command, row->name, item, variable, options, err))
			return false;
	}
	return true;
}

static bool settings_read_environment(const struct run *run,
		enum command_id command,
		struct options *options,
		struct error *err)
{
	const char *workload = getenv("HEADROOM_WORKLOAD");
	if (workload && *workload)
		set_workload_name(run->arena, options, workload);
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!is_settable(row, command))
			continue;
		const char *variable = variable_name(run->arena, row->name);
		const char *value = getenv(variable);
		if (!value || !*value)
			continue;
		if (!set_variable(run, command, row, variable, value, options, err))
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
