/* What no limit covers (CPU, bandwidth), as text for every output. */
#ifndef HEADROOM_REPORT_DOCUMENT_COVERAGE_H
#define HEADROOM_REPORT_DOCUMENT_COVERAGE_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/text.h"

/* Appends "; CPU about 3.4 of 2 cores (estimate)" for each estimate in the member "coverage". */
void coverage_add_estimates(struct arena *arena, const cJSON *coverage, struct text *out);

#endif
