/* How what earlier runs taught (lock_file.h) becomes part of a plan, and what the verdict says of
 * runs that asked for more than the usual one. */
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

/* Drops what was taught where it contradicts what the command says exactly. */
void taught_settle(struct workload *workload);

/* The same plan at the highest that any run showed; false: it is the same. */
bool taught_highest(const struct lock_taught *taught,
		const struct workload *usual,
		struct workload *ret);

/* The warning: the plan passes, and at the highest it does not. */
struct finding taught_warning(struct arena *arena,
		const struct lock_taught *taught,
		const struct result *highest);

#endif
