/* What the command's tool says of the run itself: looked for before the run, read after it. */
#ifndef HEADROOM_AUDIT_GATE_TOOL_WATCH_H
#define HEADROOM_AUDIT_GATE_TOOL_WATCH_H

#include <cjson/cJSON.h>

#include "audit/gate/gate.h"

/* Right before the command starts; gate->tool is then set. */
void tool_watch_begin(struct gate *gate);
/* The descriptor for the tool's standard output, or -1 if it keeps headroom's own. */
int tool_watch_output(const struct gate *gate);
/* The command runs, or will not. */
void tool_watch_started(struct gate *gate);
/* After the run: reads the result, and charges what speaks against the run. */
void tool_watch_end(struct gate *gate);

/* Requests per second as the tool says them, after tool_watch_end(); NAN: it does not. */
double tool_watch_rate(const struct gate *gate);

/* The member "result" of "gate". */
void tool_watch_put(const struct members *put, cJSON *member, const struct gate *gate);

#endif
