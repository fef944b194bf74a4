/* Whose limits are judged: the process that the options name, or the one that the plan's command
 * starts. */
#ifndef HEADROOM_AUDIT_RUN_HOLDER_H
#define HEADROOM_AUDIT_RUN_HOLDER_H

#include "audit/cli/options.h"
#include "model/layer/holder.h"
#include "probes/plan/plan.h"

struct holder_question {
	const struct options *options;
	const struct rules *rules;
	const struct facts *facts;
	const struct plan *plan; /* of a command; NULL: there is no command */
};

/* Texts live as long as those of the question. */
struct limit_holder run_holder(const struct holder_question *question);

/* Is the process in another namespace of this kind ("net", "mnt") than this program? false: it is
 * gone, or may not be asked. */
bool holder_differs_in(int pid, const char *kind);

#endif
