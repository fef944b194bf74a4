/* Which of the host's listeners the plan's connections arrive at. */
#ifndef HEADROOM_MODEL_QUEUES_LISTENERS_H
#define HEADROOM_MODEL_QUEUES_LISTENERS_H

#include "base/list.h"
#include "model/fact.h"
#include "model/load/workload.h"

enum listener_choice {
	LISTENERS_NONE,   /* none is there, or the plan says itself what its listener is like */
	LISTENERS_KNOWN,  /* all of the list are meant */
	LISTENERS_ONE_OF, /* one of the list, and nothing tells which */
	LISTENERS_UNSEEN  /* not all listeners are among the facts: it may be another one */
};

/* The instances of "listener.port", ADDRESS:PORT. */
enum listener_choice listeners_of_plan(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload,
		struct name_list *ret_list);

#endif
