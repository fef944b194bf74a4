/* Finds a member of a tar archive in memory (`k6 archive`). */
#ifndef HEADROOM_PROBES_PLAN_TOOL_TAR_H
#define HEADROOM_PROBES_PLAN_TOOL_TAR_H

#include <stdbool.h>
#include <stddef.h>

bool tar_is(const char *bytes, size_t length);
/* Returns a pointer to the member inside `bytes`, or NULL if the archive has no such member or is
 * cut off. */
const char *tar_member(const char *bytes, size_t length, const char *name, size_t *ret_length);

#endif
