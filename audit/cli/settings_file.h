/* One file of settings. */
#ifndef HEADROOM_AUDIT_CLI_SETTINGS_FILE_H
#define HEADROOM_AUDIT_CLI_SETTINGS_FILE_H

#include "audit/cli/option_table.h"
#include "audit/cli/options.h"

/* Reads a file that the caller named; every setting counts. false with err. */
bool settings_file(const struct run *run,
		enum command_id command,
		const char *path,
		struct options *options,
		struct error *err);
/* Reads headroom.json in the current directory if it exists. Only what a checkout may set counts;
 * the rest is noted in run->foreign. false with err. */
bool settings_checkout(const struct run *run,
		enum command_id command,
		struct options *options,
		struct error *err);

/* Returns true if a setting can replace this option. */
bool settings_has(const struct option_row *row, enum command_id command);
/* Returns the option's name in a file. */
const char *settings_member(struct arena *arena, const char *option);
/* Names the workload like the command line does. */
void settings_name_workload(struct arena *arena, struct options *options, const char *name);

#endif
