/* Writes a document about many hosts in any format. The document is new, or headroom report has
 * read it from a file. */
#ifndef HEADROOM_AUDIT_COMMAND_FLEET_SHOW_H
#define HEADROOM_AUDIT_COMMAND_FLEET_SHOW_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/output/output.h"

/* A bit for each format that such a document can be written in. */
extern const unsigned fleet_formats;

/* *ret_exit becomes the exit code of its verdict, or EXIT_BROKEN if an output failed. */
bool fleet_show(const struct run *run,
		const cJSON *document,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err);

#endif
