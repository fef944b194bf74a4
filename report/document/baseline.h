/* The result of gate --against as text for every output: which limits also failed in an earlier
 * document. */
#ifndef HEADROOM_REPORT_DOCUMENT_BASELINE_H
#define HEADROOM_REPORT_DOCUMENT_BASELINE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* Returns true if this limit already failed or was unknown before, in all instances where it does
 * so now. */
bool baseline_is_known(const cJSON *document, const cJSON *limit);
/* Returns true if the run is not certified for the same reason as before. */
bool baseline_run_is_known(const cJSON *document);

/* Returns sentences, or "" if nothing was compared or there is nothing to say. */
const char *baseline_text(struct arena *arena, const cJSON *document);

#endif
