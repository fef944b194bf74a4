/* What changes in the verdict if the other side closes the connections. */
#ifndef HEADROOM_MODEL_CLOSES_UNDECIDED_H
#define HEADROOM_MODEL_CLOSES_UNDECIDED_H

#include "model/change.h"

enum {
	UNDECIDED_MAX = 2 /* over a network, and over loopback */
};

/* Judges the opposite case: the tool's highest share or, over loopback, that this side closes none.
 * The finding is a warning if the verdict would change, else a note. Returns the number of
 * findings: 0 if the plan says who closes. */
size_t undecided_closes(const struct situation *situation,
		const struct all_limits *limits,
		struct finding ret_findings[UNDECIDED_MAX]);

#endif
