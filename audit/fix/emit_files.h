/* The files of --emit, for fix and size. */
#ifndef HEADROOM_AUDIT_FIX_EMIT_FILES_H
#define HEADROOM_AUDIT_FIX_EMIT_FILES_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "report/emit/fix_values.h"

/* Checks that all kinds are known, and that --emit, --dir and -o go together. */
bool emit_files_check(const struct options *options, struct error *err);
/* Writes each kind that --emit names, and says on standard error which file was written. */
bool emit_files_write(const struct run *run, const struct fix_values *values, struct error *err);

/* The day that the files show: SOURCE_DATE_EPOCH (reproducible-builds.org), else the day of the
 * audit. Lives in the arena. */
bool emit_files_date(struct arena *arena,
		const cJSON *audit,
		const char **ret_date,
		struct error *err);

#endif
