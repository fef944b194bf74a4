/* The share of a plan that one of several hosts gets, and the values that this share needs. */
#ifndef HEADROOM_AUDIT_SIZE_SHARE_H
#define HEADROOM_AUDIT_SIZE_SHARE_H

#include "audit/size/order.h"

/* The document of the largest part of the plan that one machine of the order gets. NULL: one has it
 * all, more of them do not help, or no part fits one by itself. Where a part that is rounded up to
 * whole connections does not fit, the order gets a machine more. To be deleted by the caller. False
 * with err. */
bool share_document(const struct pipeline *pipeline,
		const struct loads *plan,
		struct size_order *order,
		cJSON **ret_document,
		struct error *err);

/* Puts the share's values in place of the whole plan's: "values", "loads" (their "per_host"), and
 * "each" {hosts, plan, max_safe_after}. */
void share_into_size(cJSON *size, const cJSON *share, double hosts);

#endif
