/* One file of settings. */
#ifndef HEADROOM_AUDIT_CLI_SETTINGS_FILE_H
#define HEADROOM_AUDIT_CLI_SETTINGS_FILE_H

#include "audit/cli/option_table.h"
#include "audit/cli/options.h"

/* A file that the caller named: every setting counts. */
bool settings_file(const struct run *run,
		enum command_id command,
		const char *path,
		struct options *options,
		struct error *err);
/* headroom.json of the current directory, if there is one: what a checkout may say counts, and the
 * rest is noted in run->foreign. */
bool settings_checkout(const struct run *run,
		enum command_id command,
		struct options *options,
		struct error *err);

/* Can a setting stand for this option? */
bool settings_has(const struct option_row *row, enum command_id command);
/* The option's name in a file. */
const char *settings_member(struct arena *arena, const char *option);
/* Names the workload as the command line does. */
void settings_name_workload(struct arena *arena, struct options *options, const char *name);

#endif
