/* Restricts system calls with seccomp (libseccomp). */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_CALLS_H
#define HEADROOM_REPORT_HELPER_SANDBOX_CALLS_H

#include <stdbool.h>

#include "base/error.h"

/* Restricts the process. `files`: files may be opened for reading. false with err. */
bool sandbox_restrict_calls(bool files, struct error *err);

#endif
