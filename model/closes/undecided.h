/* What the verdict says of closes that may be either side's. */
#ifndef HEADROOM_MODEL_CLOSES_UNDECIDED_H
#define HEADROOM_MODEL_CLOSES_UNDECIDED_H

#include "model/change.h"

/* Judges the other case: the tool's highest share, or over loopback none. A warning where it gives
 * another verdict, else a note. False: the plan says who closes. */
bool undecided_closes(const struct situation *situation,
		const struct all_limits *limits,
		struct finding *ret_finding);

#endif
