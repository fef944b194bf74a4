/* Settings that stand elsewhere than on the command line: headroom.json, then the environment, then
 * the flags, each stronger than the one before. */
#ifndef HEADROOM_AUDIT_CLI_SETTINGS_H
#define HEADROOM_AUDIT_CLI_SETTINGS_H

#include "audit/cli/options.h"

/* The options of this run with what the file and the environment say beneath them. The file is
 * --config, else HEADROOM_CONFIG, else headroom.json in the current directory if there is one.
 * Lives in the run's arena. */
const struct options *settings_read(const struct run *run,
		enum command_id command,
		struct error *err);

#endif
