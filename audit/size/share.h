/* What one of several hosts gets of a plan, and the values that this part needs. */
#ifndef HEADROOM_AUDIT_SIZE_SHARE_H
#define HEADROOM_AUDIT_SIZE_SHARE_H

#include "audit/run/pipeline.h"

/* The document of the share of one of result->hosts_after hosts. NULL: one host is enough or more
 * do not help, its groups divide the plan, or such a share does not fit one host by itself. To be
 * deleted by the caller. False with err. */
bool share_document(const struct pipeline *pipeline,
		const struct loads *plan,
		const struct result *result,
		cJSON **ret_document,
		struct error *err);

/* Puts the share's values in place of the whole plan's: "values", and "each" {hosts,
 * max_safe_after}. */
void share_into_size(cJSON *size, const cJSON *share, double hosts);

#endif
