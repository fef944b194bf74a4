/* A member of a tar archive that is in memory (`k6 archive`). */
#ifndef HEADROOM_PROBES_PLAN_TOOL_TAR_H
#define HEADROOM_PROBES_PLAN_TOOL_TAR_H

#include <stdbool.h>
#include <stddef.h>

bool tar_is(const char *bytes, size_t length);
/* A member by its name: inside `bytes`; NULL if there is none or the archive is cut. */
const char *tar_member(const char *bytes, size_t length, const char *name, size_t *ret_length);

#endif
