/* The status of one limit and the verdict on the whole plan, with their names in the audit
 * document. */
#ifndef HEADROOM_MODEL_VERDICT_H
#define HEADROOM_MODEL_VERDICT_H

#include <stdbool.h>

enum status {
	STATUS_PASS,
	STATUS_WARN,
	STATUS_FAIL,
	STATUS_UNKNOWN,
	STATUS_NOT_APPLICABLE
};

enum verdict {
	VERDICT_NONE, /* no plan was given */
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_UNKNOWN
};

const char *status_name(enum status status); /* "pass" "warn" "fail" "unknown" "not-applicable" */
const char *verdict_name(enum verdict verdict); /* "none" "pass" "fail" "unknown" */

/* Return false and leave *ret unchanged if no status or verdict has this name. */
bool status_from_name(const char *name, enum status *ret);
bool verdict_from_name(const char *name, enum verdict *ret);

#endif
