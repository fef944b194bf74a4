/* Gives up the rights that rendering does not need, before any input is parsed. */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_H
#define HEADROOM_REPORT_HELPER_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"

/* No new privileges, no core files, few descriptors, bounded memory and time, nobody instead of
 * root, and a system call filter: no sockets, no programs, no tracing, no opening for writing. A
 * kernel without filters is accepted; a refused setuid on the host is not. */
bool sandbox_enter(struct error *err);

#endif
