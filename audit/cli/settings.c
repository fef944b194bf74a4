/* The layers of settings: a file, the environment, the command line. A variable is named like its
 * option, with underscores; only the option table knows what an option takes. */
#include "audit/cli/settings.h"

#include <stdlib.h>
#include <string.h>

#include "audit/cli/option_reader.h"
#include "audit/cli/option_table.h"
#include "audit/cli/settings_file.h"
#include "audit/cli/variables.h"
#include "base/text.h"

/* --- the file
 * -------------------------------------------------------------------------------------- */

/* A file that the caller names is the caller's own word. One that merely lies in the directory is
 * somebody else's. */
static bool settings_read_file(const struct run *run,
		enum command_id command,
		const struct options *environment,
		struct options *options,
		struct error *err)
{
	const char *variable = getenv("HEADROOM_CONFIG");
	if (run->options->gate.config_path)
		return settings_file(run, command, run->options->gate.config_path, options, err);
	if (run->options->no_config || environment->no_config)
		return true;
	if (!variable)
		return settings_checkout(run, command, options, err);
	return !*variable || settings_file(run, command, variable, options, err);
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

static bool set_switch(const struct option_row *row,
		const char *variable,
		const char *value,
		struct options *options,
		struct error *err)
{
	static const char *const yes[] = {"1", "true", "yes", "on"};
	static const char *const no[] = {"0", "false", "no", "off"};
	bool on = is_switch_word(value, yes);
	if (!on && !is_switch_word(value, no))
		return error_set(err, "%s: \"%.60s\" is neither 1 (on) nor 0 (off)", variable, value);
	options_switch(options, row, on);
	return true;
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
		return set_switch(row, variable, value, options, err);
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
		settings_name_workload(run->arena, options, workload);
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!settings_has(row, command))
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

/* Outputs that headroom.json named stay below the directory, unless somebody else named others. */
static bool only_file_names_outputs(const struct options *options,
		const struct options *environment,
		const struct run *run)
{
	size_t at = offsetof(struct options, outputs);
	return options->outputs_below && !options_given(environment, at) &&
			!options_given(run->options, at);
}

const struct options *settings_read(const struct run *run,
		enum command_id command,
		struct error *err)
{
	struct options *options = arena_alloc(run->arena, sizeof *options);
	struct options *environment = arena_alloc(run->arena, sizeof *environment);
	options_init(options);
	options_init(environment);
	if (!variables_check(run, command, err))
		return NULL;
	if (!settings_read_environment(run, command, environment, err) ||
			!settings_read_file(run, command, environment, options, err))
		return NULL;
	options->outputs_below = only_file_names_outputs(options, environment, run);
	options_merge(options, environment);
	options_merge(options, run->options);
	return options;
}
