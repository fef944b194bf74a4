/* A plan from two sources: the load test's command line, and a description in the checkout
 * (headroom.json, workload.lock.json), which fills in what the command line leaves open. */
#ifndef HEADROOM_AUDIT_RUN_DESCRIBED_H
#define HEADROOM_AUDIT_RUN_DESCRIBED_H

#include "model/load/workload.h"

/* Completes the plan of a command. Exact values of the command stay. Estimates and bounds are
 * replaced, and so are headroom's assumptions about the tool (descriptors, memory). */
void described_fill(struct workload *plan, const struct workload *described);

/* Returns the part of a description that such a command leaves open. */
struct workload described_part(const struct workload *plan, const struct workload *described);

#endif
