/* What the command's tool itself reports about the run: found before the run, read after it. */
#ifndef HEADROOM_AUDIT_GATE_TOOL_WATCH_H
#define HEADROOM_AUDIT_GATE_TOOL_WATCH_H

#include <cjson/cJSON.h>

#include "audit/gate/gate.h"

/* Call right before the command starts; sets gate->tool. */
void tool_watch_begin(struct gate *gate);
/* Returns the descriptor for the tool's standard output, or -1 if it gets headroom's. */
int tool_watch_output(const struct gate *gate);
/* Call after the command was started, or if it will not be. */
void tool_watch_started(struct gate *gate);
/* Call after the run: reads the result and adds its charges. */
void tool_watch_end(struct gate *gate);

/* Returns the tool's requests per second, after tool_watch_end(); NAN: not known. */
double tool_watch_rate(const struct gate *gate);

/* Adds the member "result" of "gate". */
void tool_watch_put(const struct members *put, cJSON *member, const struct gate *gate);

#endif
