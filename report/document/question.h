/* The question that an audit answers, and the answer in a few words. */
#ifndef HEADROOM_REPORT_DOCUMENT_QUESTION_H
#define HEADROOM_REPORT_DOCUMENT_QUESTION_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* "Can loadgen-03 run “ws-client” (15,000 connections)?", of a run "Can the numbers of this run on
 * loadgen-03 be used?" */
const char *document_question(struct arena *arena, const cJSON *document);

/* "No. The test would break while it starts; 2 changes fix it.": at most twelve words. After a
 * run, its result. */
const char *document_answer(struct arena *arena, const cJSON *document);

/* How many changes the plan needs to fit; 0: they are not enough, or there are none. */
size_t document_changes_enough(const cJSON *document);

/* "live", "snapshot of 2026-11-21 02:00 UTC, 9 days old"; "" if unknown. */
const char *document_origin(struct arena *arena, const cJSON *document);

#endif
