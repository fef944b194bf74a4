/* The question that an audit answers, and the answer in a few words. */
#ifndef HEADROOM_REPORT_DOCUMENT_QUESTION_H
#define HEADROOM_REPORT_DOCUMENT_QUESTION_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* Returns "Can loadgen-03 run “ws-client” (15,000 connections)?", or for a run "Can the numbers of
 * this run on loadgen-03 be used?". */
const char *document_question(struct arena *arena, const cJSON *document);

/* Returns one line: "No. The test would break while it starts; 2 changes fix it." After a run, its
 * result. */
const char *document_answer(struct arena *arena, const cJSON *document);

/* Returns the headline of an audit, of at most `most` characters, without what the answer has
 * already said. */
const char *document_why(struct arena *arena, const cJSON *document, size_t most);

/* Returns what fixes it: "2 changes fix it", "4 changes on each of 2 hosts fix it". "" if the
 * ladder has no changes, or they are not enough. */
const char *document_way(struct arena *arena, const cJSON *document);

/* Returns true if the limit counts kernel memory only, because the plan does not say what its
 * program needs. */
bool document_is_kernel_part(const cJSON *document, const cJSON *limit);

/* Returns true if the limit uses a value that was assumed instead of the host's (--set). */
bool document_is_assumed(const cJSON *document, const cJSON *limit);

/* Returns true if the fix is an alternative to the ladder of this kind: whether the plan fits with
 * it, and whether it changes the test. */
bool document_is_alternative(const cJSON *fix, bool fits, bool changes_test);
/* Returns the title of such alternatives: "Instead (changes the test): ". */
const char *document_alternatives_title(bool fits, bool changes_test);

/* Returns true if the values come from a snapshot, a facts file or an image, so that judging them
 * again cannot show a change. */
bool document_is_elsewhere(const cJSON *document);

/* Returns true if the values are those of a stock image, and of no host at all. */
bool document_is_of_image(const cJSON *document);

/* Returns "live" or "snapshot of 2026-11-21 02:00 UTC, 9 days old"; "" if unknown. */
const char *document_origin(struct arena *arena, const cJSON *document);

#endif
