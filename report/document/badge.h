/* The badge: one word for the verdict, then what a reader must know about it, "PASS · 1 warning ·
 * hypothetical". Every output shows exactly these words. */
#ifndef HEADROOM_REPORT_DOCUMENT_BADGE_H
#define HEADROOM_REPORT_DOCUMENT_BADGE_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/list.h"
#include "model/verdict.h"

/* Returns PASS, FAIL, UNKNOWN, CERTIFIED, NOT-CERTIFIED, NOT-RUN, or AUDIT if no plan was given.
 * After a run, its result replaces the verdict. The text is a literal. */
const char *badge_word(const cJSON *document);
/* Returns the verdict that decides color and shape. A certified run looks like a pass, a run that
 * is not certified like a fail, and a run that was not started like unknown. */
enum verdict badge_verdict(const cJSON *document);

/* Returns the same for a page that has a separate badge (report/answer/). */
enum verdict badge_verdict_shown(const cJSON *document);

/* Returns those of "1 warning", "2 waived", "hypothetical" and "host as of 2026-11-21" that apply,
 * in this order. In the arena. */
struct name_list badge_tags(struct arena *arena, const cJSON *document);
/* Returns word and tags, joined by " · ". */
const char *badge_text(struct arena *arena, const cJSON *document);

/* Returns "2 waived" if the audit passes only because of waivers, so that it must not look like a
 * pass; else "". */
const char *badge_by_waiver(struct arena *arena, const cJSON *document);

/* Returns the number of warnings: advisory limits over the target, and findings. */
size_t badge_warnings(const cJSON *document);
/* Returns how many values that were read are replaced by assumed ones. */
size_t badge_hypothetical(const cJSON *document);

#endif
