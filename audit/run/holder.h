/* Finds whose limits are judged: those of the process that the options name, or of the one that the
 * plan's command starts. */
#ifndef HEADROOM_AUDIT_RUN_HOLDER_H
#define HEADROOM_AUDIT_RUN_HOLDER_H

#include "audit/cli/options.h"
#include "model/layer/holder.h"
#include "probes/plan/plan.h"

struct holder_question {
	const struct options *options;
	const struct rules *rules;
	const struct facts *facts;
	const struct plan *plan; /* from a command; NULL: there is no command */
};

/* Returns the holder. Its texts live as long as those of the question. */
struct limit_holder run_holder(const struct holder_question *question);

/* Returns true if the process is in another namespace of this kind ("net", "mnt") than this
 * program. false also if it has ended or may not be read. */
bool holder_differs_in(int pid, const char *kind);

#endif
