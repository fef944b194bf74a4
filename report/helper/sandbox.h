/* Gives up the rights that rendering does not need, before any input is parsed. */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_H
#define HEADROOM_REPORT_HELPER_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"
#include "report/helper/sandbox_files.h"

/* No new privileges, no core files, bounded memory, output, time and descriptors; the user nobody
 * instead of root; and of the system calls those that rendering needs, all others fail with EPERM:
 * no sockets, no programs, no other process, no file opened for writing. `files` NULL: none is
 * opened at all. Whatever of this cannot be had is an error; only Landlock may be missing. */
bool sandbox_enter(const struct sandbox_files *files, struct error *err);

#endif
