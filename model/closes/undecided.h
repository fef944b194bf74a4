/* What the verdict says of closes that may be either side's. */
#ifndef HEADROOM_MODEL_CLOSES_UNDECIDED_H
#define HEADROOM_MODEL_CLOSES_UNDECIDED_H

#include "model/change.h"

enum {
	UNDECIDED_MAX = 2 /* over a network, and over loopback */
};

/* Judges the other case: the tool's highest share, or over loopback none. A warning where it gives
 * another verdict, else a note. Returns how many of ret_findings there are; none where the plan
 * says who closes. */
size_t undecided_closes(const struct situation *situation,
		const struct all_limits *limits,
		struct finding ret_findings[UNDECIDED_MAX]);

#endif
