/* The result of many hosts, judged together. */
#ifndef HEADROOM_AUDIT_EVIDENCE_FLEET_H
#define HEADROOM_AUDIT_EVIDENCE_FLEET_H

#include "audit/evidence/result.h"

/* FAILED unless the fleet passes and no host was judged by an assumed value. WARNED where a host
 * has a warning, is waived or dated, where one is missing, is not used or was not expected, and
 * where nobody said which hosts there should be. */
const char *evidence_result_of_fleet(struct arena *arena, const cJSON *document);
/* Its hosts, by name; those that nothing of the plan falls to are in no list. */
void evidence_tests_of_fleet(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists);

#endif
