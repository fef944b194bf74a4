/* Without a plan: what the host can carry of each kind of load (`holds`, `first_changes`), as
 * text. */
#ifndef HEADROOM_REPORT_DOCUMENT_CARRY_H
#define HEADROOM_REPORT_DOCUMENT_CARRY_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* "client, connections stay" */
const char *carry_title(struct arena *arena, const cJSON *hold);
/* In connections, or in new connections per second if none stays open; NAN: unknown. */
double carry_now(const cJSON *hold);
double carry_after(const cJSON *hold);
/* "758", "347/s", "at most 24,566"; "" where it is not known. */
const char *carry_now_text(struct arena *arena, const cJSON *hold);
const char *carry_after_text(struct arena *arena, const cJSON *hold);
/* "Open files (process) → Outgoing ports": the tightest limit, today and then. */
const char *carry_limits(struct arena *arena, const cJSON *hold);
/* "client 21,174, server 49,142": the loads that this change of first_changes raises. */
const char *carry_gain(struct arena *arena, const cJSON *root, const cJSON *change);

#endif
