/* Sees through what stands before a tool: env, sudo, nice, timeout, prlimit, sh -c, docker run … Keeps what they
 * change for the tool. Executes nothing; what it does not understand is an error that says so. */
#ifndef HEADROOM_PROBES_PLAN_WRAPPERS_H
#define HEADROOM_PROBES_PLAN_WRAPPERS_H

#include "probes/plan/plan.h"

bool wrappers_take_off(const struct plan_context *context, const char *const *argv, size_t count,
                       struct plan_command *ret_command, struct error *err);

#endif
