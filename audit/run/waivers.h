/* The waiver file: limits that do not count until a certain day, and who decided that.
 *   {"schema": "headroom.waivers/1",
 *    "waivers": [{"id", "justification", "by", "expires": "YYYY-MM-DD"}]} */
#ifndef HEADROOM_AUDIT_RUN_WAIVERS_H
#define HEADROOM_AUDIT_RUN_WAIVERS_H

#include <stddef.h>

#include "audit/run/policy.h"
#include "model/result.h"

/* Reads the waivers. If `by` is missing, the file's owner counts. `today` is YYYY-MM-DD; a waiver
 * is valid through its last day. Returns false with err for an unknown limit id, and for what the
 * policy of this machine forbids: another owner's file, a later day. */
bool waivers_read(const struct run *run,
		const struct policy *policy,
		const struct rules *rules,
		const char *today,
		struct waiver **ret_waivers,
		size_t *ret_count,
		struct error *err);

#endif
