/* The share of a plan that one of several hosts gets, and the values that it needs. */
#ifndef HEADROOM_AUDIT_SIZE_SHARE_H
#define HEADROOM_AUDIT_SIZE_SHARE_H

#include "audit/size/order.h"

/* Gives the document of the largest part of the plan that one machine of the order gets; the caller
 * deletes it. NULL: one machine gets everything, more do not help, or no part fits. If a part
 * rounded up to whole connections does not fit, the order gets one more machine. false with err. */
bool share_document(const struct pipeline *pipeline,
		const struct loads *plan,
		struct size_order *order,
		cJSON **ret_document,
		struct error *err);

/* Replaces the whole plan's values by those of the share: "values", "loads" (their "per_host"), and
 * "each" {hosts, plan, max_safe_after}. */
void share_into_size(cJSON *size, const cJSON *share, double hosts);

#endif
