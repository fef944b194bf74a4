/* Names of gRPC servers, as grpc-go reads them. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_GRPC_NAME_H
#define HEADROOM_PROBES_PLAN_TOOL_GRPC_NAME_H

#include "base/arena.h"
#include "base/error.h"

/* Returns "host:port" in the arena for host:port, dns:///host, dns:host:port, dns://server/host or
 * passthrough:///h:p. Returns NULL with err, which begins with `tool`, for a unix socket or a name
 * that grpc-go cannot dial. */
const char *grpc_target(struct arena *arena, const char *tool, const char *name, struct error *err);

#endif
