/* The result for many hosts that were judged together. */
#ifndef HEADROOM_AUDIT_EVIDENCE_FLEET_H
#define HEADROOM_AUDIT_EVIDENCE_FLEET_H

#include "audit/evidence/result.h"

/* Returns FAILED unless the fleet passes and every host was judged without assumed values. Returns
 * WARNED if a host has a warning, a waiver or old values, if a host is missing, unused or
 * unexpected, or if there was no list of expected hosts. */
const char *evidence_result_of_fleet(struct arena *arena, const cJSON *document);
/* Puts the hosts into the lists, by name. Hosts that get no share of the plan are in no list. */
void evidence_tests_of_fleet(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists);

#endif
