/* Decides after a run whether this host slowed the load down. Pure: uses only samples, limits and
 * the plan. */
#ifndef HEADROOM_MODEL_WATCH_CERTIFY_H
#define HEADROOM_MODEL_WATCH_CERTIFY_H

#include "model/watch/certificate.h"

static inline bool is_certified(const struct certificate *certificate)
{
	return certificate->reason == CHARGES;
}

void certify(struct arena *arena,
		const struct certify_input *input,
		struct certificate *ret_certificate);

#endif
