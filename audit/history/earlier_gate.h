/* Finds the document that gate --against names. */
#ifndef HEADROOM_AUDIT_HISTORY_EARLIER_GATE_H
#define HEADROOM_AUDIT_HISTORY_EARLIER_GATE_H

#include "audit/cli/options.h"
#include "base/os/json.h"

/* Opens a file, a number of the history, or "last": the last gate with the same command, host and
 * plan as the document `like`; *ret_json is NULL if there is none. *ret_id is 0 for a file. false
 * with err. */
bool earlier_gate(const struct run *run,
		const cJSON *like,
		struct json **ret_json,
		double *ret_id,
		struct error *err);

#endif
