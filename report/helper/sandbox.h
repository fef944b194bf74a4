/* Drops the rights that rendering does not need, before any input is parsed. */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_H
#define HEADROOM_REPORT_HELPER_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"
#include "report/helper/sandbox_files.h"

/* Allows no new privileges and no core files; bounds memory, output, time and descriptors; becomes
 * the user nobody if run by root; and allows only the system calls that rendering needs. All others
 * fail with EPERM: no sockets, no programs, no access to other processes, no writing of files. If
 * `files` is NULL, no file can be opened at all. Returns false with err if any of this fails,
 * except Landlock. */
bool sandbox_enter(const struct sandbox_files *files, struct error *err);

#endif
