/* The readers, one per file read_TOOL.c. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_TOOLS_H
#define HEADROOM_PROBES_PLAN_TOOL_TOOLS_H

#include "probes/plan/reader.h"

extern const struct plan_reader plan_reader_tsung;
extern const struct plan_reader plan_reader_k6;
extern const struct plan_reader plan_reader_haproxy;
extern const struct plan_reader plan_reader_nginx;
extern const struct plan_reader plan_reader_jmeter;
extern const struct plan_reader plan_reader_artillery;
extern const struct plan_reader plan_reader_gatling;
extern const struct plan_reader plan_reader_locust;
extern const struct plan_reader plan_reader_taurus;
extern const struct plan_reader plan_reader_inference_perf;

#endif
