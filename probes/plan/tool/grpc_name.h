/* Names of gRPC servers, as grpc-go dials them. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_GRPC_NAME_H
#define HEADROOM_PROBES_PLAN_TOOL_GRPC_NAME_H

#include "base/arena.h"
#include "base/error.h"

/* "host:port" of host:port, dns:///host, dns:host:port, dns://server/host or passthrough:///h:p, in
 * the arena; NULL with err: a unix socket, or what grpc-go cannot dial. `tool` begins errors. */
const char *grpc_target(struct arena *arena, const char *tool, const char *name, struct error *err);

#endif
