/* The badge: one word for the verdict, then what a reader must know about it, "PASS · 1 warning ·
 * hypothetical". Every output shows exactly these words. */
#ifndef HEADROOM_REPORT_DOCUMENT_BADGE_H
#define HEADROOM_REPORT_DOCUMENT_BADGE_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/list.h"
#include "model/verdict.h"

/* PASS FAIL UNKNOWN CERTIFIED NOT-CERTIFIED NOT-RUN, or AUDIT if no plan was given. After a run,
 * the result of the run replaces the verdict. A literal. */
const char *badge_word(const cJSON *document);
/* The verdict that decides color and shape: a certified run looks like a pass, a run that is not
 * certified like a fail, and a run that was not started like unknown. */
enum verdict badge_verdict(const cJSON *document);

/* The same of a page that has a badge of its own (report/answer/). */
enum verdict badge_verdict_shown(const cJSON *document);

/* "1 warning", "2 waived", "hypothetical", "host as of 2026-11-21", those that apply, in this
 * order. In the arena. */
struct name_list badge_tags(struct arena *arena, const cJSON *document);
/* Word and tags, joined by " · ". */
const char *badge_text(struct arena *arena, const cJSON *document);

/* "2 waived": what alone makes it a pass, which must not look like one; "" of any other. */
const char *badge_by_waiver(struct arena *arena, const cJSON *document);

/* How many warnings there are: limits over the target that do not decide, and findings. */
size_t badge_warnings(const cJSON *document);
/* How many read values the verdict replaces by assumed ones. */
size_t badge_hypothetical(const cJSON *document);

#endif
