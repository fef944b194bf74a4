/* If no plan was given: what the host can carry of each kind of load (`holds`, `first_changes`), as
 * text. */
#ifndef HEADROOM_REPORT_DOCUMENT_CARRY_H
#define HEADROOM_REPORT_DOCUMENT_CARRY_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Returns a title such as "client, connections stay". */
const char *carry_title(struct arena *arena, const cJSON *hold);
/* Return connections or, if none stays open, new connections per second; NAN: unknown. */
double carry_now(const cJSON *hold);
double carry_after(const cJSON *hold);
/* Return "758", "347/s" or "at most 24,566"; "" if not known. */
const char *carry_now_text(struct arena *arena, const cJSON *hold);
const char *carry_after_text(struct arena *arena, const cJSON *hold);
/* Returns the tightest limit now and after the changes: "Open files (process) → Outgoing
 * ports". */
const char *carry_limits(struct arena *arena, const cJSON *hold);
/* Returns how many of first_changes this kind of load needs to reach the most that it can. */
size_t carry_changes_needed(struct arena *arena, const cJSON *root, const char *id);
/* Returns the loads that this change of first_changes raises: "client (stay)
 * 21,174, server (stay) 49,142". */
const char *carry_gain(struct arena *arena, const cJSON *root, const cJSON *change);

#endif
