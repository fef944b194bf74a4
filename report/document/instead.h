/* The other way to divide a plan among the hosts of a fleet, as text. */
#ifndef HEADROOM_REPORT_DOCUMENT_INSTEAD_H
#define HEADROOM_REPORT_DOCUMENT_INSTEAD_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Returns "--split capacity fits: 6 clients with 374 to 2,325 connections each", or "" if the
 * document has no other way. */
const char *document_instead_text(struct arena *arena, const cJSON *document);

#endif
