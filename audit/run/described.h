/* A plan of two sources: what the load test's command line says, and what a checkout says about it
 * (headroom.json, workload.lock.json). The checkout fills in what the command line leaves open. */
#ifndef HEADROOM_AUDIT_RUN_DESCRIBED_H
#define HEADROOM_AUDIT_RUN_DESCRIBED_H

#include "model/load/workload.h"

/* Completes the plan of a command. What the command says exactly stays; what is estimated or bound
 * is replaced, and so is what headroom assumes of the tool by itself (descriptors, memory). */
void described_fill(struct workload *plan, const struct workload *described);

/* The part of a description that a command which says this much leaves open. */
struct workload described_part(const struct workload *plan, const struct workload *described);

#endif
