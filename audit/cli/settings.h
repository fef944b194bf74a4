/* Settings from headroom.json and the environment. The environment overrides the file, and the
 * command line overrides both. */
#ifndef HEADROOM_AUDIT_CLI_SETTINGS_H
#define HEADROOM_AUDIT_CLI_SETTINGS_H

#include "audit/cli/options.h"

/* Returns the options of this run, completed by the environment and the file: --config, else
 * HEADROOM_CONFIG, else headroom.json in the current directory if it exists. Lives in the run's
 * arena; NULL with err. */
const struct options *settings_read(const struct run *run,
		enum command_id command,
		struct error *err);

#endif
