/* Turns what earlier runs taught (lock_file.h) into a part of the plan, and warns of runs that
 * needed more than usual. */
#ifndef HEADROOM_AUDIT_RUN_TAUGHT_H
#define HEADROOM_AUDIT_RUN_TAUGHT_H

#include "audit/run/lock_file.h"
#include "model/finding.h"
#include "model/load/loads.h"

/* Merges the described values (headroom.json; NULL: none) over the learned ones. NULL if there are
 * neither. */
const struct workload *taught_join(struct arena *arena,
		const struct workload *described,
		const struct lock_taught *taught);

/* Drops learned values that contradict what the command says exactly. */
void taught_settle(struct workload *workload);

/* Gives the same plan with the highest values of any run; returns false if it is the same. */
bool taught_highest(const struct lock_taught *taught,
		const struct workload *usual,
		struct workload *ret);

/* Returns the warning that the plan passes, but with these highest values does not. */
struct finding taught_warning(struct arena *arena,
		const struct lock_taught *taught,
		const struct result *highest);

#endif
