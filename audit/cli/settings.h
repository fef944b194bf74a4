/* Settings from headroom.json and the environment. The environment goes before the file, and the
 * command line before both. */
#ifndef HEADROOM_AUDIT_CLI_SETTINGS_H
#define HEADROOM_AUDIT_CLI_SETTINGS_H

#include "audit/cli/options.h"

/* The options of this run, completed by what the environment and the file say. The file is
 * --config, else HEADROOM_CONFIG, else headroom.json in the current directory if there is one.
 * Lives in the run's arena; NULL with err. */
const struct options *settings_read(const struct run *run,
		enum command_id command,
		struct error *err);

#endif
