/* The question that an audit answers, and the answer in a few words. */
#ifndef HEADROOM_REPORT_DOCUMENT_QUESTION_H
#define HEADROOM_REPORT_DOCUMENT_QUESTION_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* "Can loadgen-03 run “ws-client” (15,000 connections)?", of a run "Can the numbers of this run on
 * loadgen-03 be used?" */
const char *document_question(struct arena *arena, const cJSON *document);

/* "No. The test would break while it starts; 2 changes fix it.": one line. After a run,
 * its result. */
const char *document_answer(struct arena *arena, const cJSON *document);

/* The headline of an audit, at most so long, without what the answer has said. */
const char *document_why(struct arena *arena, const cJSON *document, size_t most);

/* "2 changes fix it", "4 changes on each of 2 hosts fix it": of the ladder; "": its changes are not
 * enough, or it has none. */
const char *document_way(struct arena *arena, const cJSON *document);

/* Is it the memory of the kernel alone, because the plan does not say what its program needs? */
bool document_is_kernel_part(const cJSON *document, const cJSON *limit);

/* Is it an alternative to the ladder's changes, with which the plan fits or not, and of this kind?
 */
bool document_is_alternative(const cJSON *fix, bool fits, bool changes_test);
/* What is written before such ones: "Instead (changes the test): ". */
const char *document_alternatives_title(bool fits, bool changes_test);

/* Were the values read before, from a snapshot, a facts file or an image? Judging them again can
 * show no change. */
bool document_is_elsewhere(const cJSON *document);

/* "live", "snapshot of 2026-11-21 02:00 UTC, 9 days old"; "" if unknown. */
const char *document_origin(struct arena *arena, const cJSON *document);

#endif
