/* The verdict of an audit document on the plan and on each limit, and the exit code that follows.
 * No other code compares these words. */
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

/* The member "verdict" of an audit document, or of a row for one audit in a list. A missing or
 * unknown word reads as VERDICT_UNKNOWN: it must never pass. */
enum verdict document_verdict(const cJSON *document);
/* The member "status" of a limit, or STATUS_UNKNOWN in the same way. */
enum status document_status(const cJSON *limit);

/* A limit that was not checked because the plan does not say whether it uses it: its status is that
 * of one that does not apply, and its reason begins with "the plan does not say". */
bool document_is_unsaid(const cJSON *limit);
/* One that this plan does not use. */
bool document_is_idle(const cJSON *limit);

/* The verdict after every fix of the ladder. An unknown limit stays unknown. */
enum verdict document_verdict_after_fixes(const cJSON *document);
/* The last fix of the ladder; NULL if the ladder has none. */
const cJSON *document_last_fix(const cJSON *document);

/* 0 for pass and for none, 3 for fail, 4 for unknown. */
int verdict_exit(enum verdict verdict);

/* The limit a reader should be told about first: the binding one, else the first that fails or is
 * unknown; NULL if there is none. */
const cJSON *document_leading_limit(const cJSON *document);

#endif
