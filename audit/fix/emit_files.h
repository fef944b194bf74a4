/* Writes the files of --emit, for fix and size. */
#ifndef HEADROOM_AUDIT_FIX_EMIT_FILES_H
#define HEADROOM_AUDIT_FIX_EMIT_FILES_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "report/emit/fix_values.h"

/* Returns false with err if a kind is unknown, or if --emit, --dir and -o do not fit together. */
bool emit_files_check(const struct options *options, struct error *err);
/* Writes each kind that --emit names, and names the files on standard error. false with err. */
bool emit_files_write(const struct run *run, const struct fix_values *values, struct error *err);

/* Gives the day to show in the files: SOURCE_DATE_EPOCH (reproducible-builds.org), or else the day
 * of the audit. Lives in the arena. false with err. */
bool emit_files_date(struct arena *arena,
		const cJSON *audit,
		const char **ret_date,
		struct error *err);

#endif
