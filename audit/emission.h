/* The files of --emit, for fix and size. */
#ifndef HEADROOM_AUDIT_EMISSION_H
#define HEADROOM_AUDIT_EMISSION_H

#include <cjson/cJSON.h>

#include "audit/options.h"
#include "report/emit/remedy.h"

/* Are all kinds known, and do --emit, --dir and -o go together? */
bool emission_check(const struct options *options, struct error *err);
/* Writes each kind that --emit names; says on standard error which file was written. */
bool emission_write(const struct run *run, const struct remedy *remedy, struct error *err);

/* The day for the files' heads: SOURCE_DATE_EPOCH, else when the audit was made. */
bool emission_date(struct arena *arena, const cJSON *audit, const char **ret_date, struct error *err);

#endif
