/* Finds the listeners of the host that accept the plan's connections. */
#ifndef HEADROOM_MODEL_QUEUES_LISTENERS_H
#define HEADROOM_MODEL_QUEUES_LISTENERS_H

#include "base/list.h"
#include "model/fact.h"
#include "model/load/workload.h"

enum listener_choice {
	LISTENERS_NONE,   /* there is none, or the plan itself describes its listener */
	LISTENERS_KNOWN,  /* all in the list */
	LISTENERS_ONE_OF, /* one in the list; it is not known which */
	LISTENERS_UNSEEN  /* some listeners are not among the facts, so it may be another one */
};

/* Fills the list with instances of the fact "listener.port": ADDRESS:PORT. */
enum listener_choice listeners_of_plan(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload,
		struct name_list *ret_list);

#endif
