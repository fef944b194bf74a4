/* What of a load test's command line may go into a report: secrets are masked first. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_MASK_H
#define HEADROOM_PROBES_PLAN_COMMAND_MASK_H

#include <stddef.h>

#include "base/arena.h"

/* The word at `at`, masked: passwords in URLs, values of telling headers (Authorization, Cookie,
 * …-Token), of variables with telling names and of options that take credentials. Also inside `sh
 * -c` texts. In the arena, or the word. */
const char *plan_masked(struct arena *arena, char *const *words, size_t count, size_t at);

#endif
