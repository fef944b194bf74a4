/* What is said of a limit and of a whole plan, and the words for it in the audit document. */
#ifndef HEADROOM_MODEL_VERDICT_H
#define HEADROOM_MODEL_VERDICT_H

enum status {
	STATUS_PASS,
	STATUS_WARN,
	STATUS_FAIL,
	STATUS_UNKNOWN,
	STATUS_NOT_APPLICABLE
};
const char *status_name(enum status status); /* "pass" "warn" "fail" "unknown" "not-applicable" */

enum verdict {
	VERDICT_NONE,
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_UNKNOWN
};
const char *verdict_name(enum verdict verdict); /* "none" "pass" "fail" "unknown" */

#endif
