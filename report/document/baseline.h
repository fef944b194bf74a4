/* The result of gate --against, as text for every output: which limits also failed in an earlier
 * document. */
#ifndef HEADROOM_REPORT_DOCUMENT_BASELINE_H
#define HEADROOM_REPORT_DOCUMENT_BASELINE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* Whether this limit failed or was unknown before, in all instances where it is so now. */
bool baseline_is_known(const cJSON *document, const cJSON *limit);
/* Whether the run is not certified, for the same reason as before. */
bool baseline_run_is_known(const cJSON *document);

/* Sentences; "": nothing was compared, or there is nothing to say. */
const char *baseline_text(struct arena *arena, const cJSON *document);

#endif
