/* Writes the ladder of an audit document as a list to work through: text and JSON (headroom.fix/1).
 * Computes nothing. */
#ifndef HEADROOM_AUDIT_FIX_LIST_H
#define HEADROOM_AUDIT_FIX_LIST_H

#include <cjson/cJSON.h>

#include "report/emit/fix_values.h"
#include "report/write/write.h"

enum {
	HEADLINE_MAX = 600 /* bytes of a headline that are shown */
};

/* Returns headroom.fix/1; free it with cJSON_Delete. */
cJSON *fix_document(const cJSON *audit, const struct fix_values *values);
/* Writes that document as text for a terminal of 80 columns. */
void fix_text(const cJSON *fix, const struct write_options *options, struct text *out);

#endif
