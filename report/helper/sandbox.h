/* Drops the rights that rendering does not need, before any input is parsed. */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_H
#define HEADROOM_REPORT_HELPER_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"
#include "report/helper/sandbox_files.h"

/* No new privileges, no core files; bounded memory, output, time and descriptors; the user nobody
 * instead of root; only the system calls that rendering needs. All others fail with EPERM: no
 * sockets, no programs, no other process, no file opened for writing. `files` NULL: no file is
 * opened at all. It is an error if any of this cannot be set up, except Landlock. */
bool sandbox_enter(const struct sandbox_files *files, struct error *err);

#endif
