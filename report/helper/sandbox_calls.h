/* Which system calls are allowed: seccomp, by libseccomp. */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_CALLS_H
#define HEADROOM_REPORT_HELPER_SANDBOX_CALLS_H

#include <stdbool.h>

#include "base/error.h"

/* With `files`, files may be opened for reading. */
bool sandbox_restrict_calls(bool files, struct error *err);

#endif
