/* The verdict of an audit document on the plan and on each limit, and the exit code for it. No
 * other code compares these words. */
#ifndef HEADROOM_REPORT_DOCUMENT_VERDICT_H
#define HEADROOM_REPORT_DOCUMENT_VERDICT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "model/verdict.h"

/* Exit codes of every command. If several apply, 1 overrides 3 and 4. */
enum exit_code {
	EXIT_PASS = 0,
	EXIT_BROKEN = 1,
	EXIT_USAGE = 2,
	EXIT_VERDICT_FAIL = 3,
	EXIT_VERDICT_UNKNOWN = 4
};

/* Returns the member "verdict" of an audit document, or of one audit in a list. A missing or
 * unknown word reads as VERDICT_UNKNOWN, so that it never passes. */
enum verdict document_verdict(const cJSON *document);
/* Returns the member "status" of a limit; a missing or unknown word reads as STATUS_UNKNOWN. */
enum status document_status(const cJSON *limit);

/* Returns true if the limit was not checked because the plan does not say whether it uses it. Its
 * status is then "not applicable", and its reason begins with "the plan does not say". */
bool document_is_unsaid(const cJSON *limit);
/* Returns true if the plan does not use the limit. */
bool document_is_idle(const cJSON *limit);

/* Returns the verdict after every fix of the ladder. An unknown limit stays unknown. */
enum verdict document_verdict_after_fixes(const cJSON *document);
/* Returns the last fix of the ladder, or NULL if the ladder has none. */
const cJSON *document_last_fix(const cJSON *document);

/* Returns 0 for pass and for none, 3 for fail, 4 for unknown. */
int verdict_exit(enum verdict verdict);

/* Returns the limit to tell the reader about first: the one reached first, else the first that
 * fails or is unknown, else NULL. */
const cJSON *document_leading_limit(const cJSON *document);

#endif
