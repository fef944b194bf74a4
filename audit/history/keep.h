/* Adds the results of earlier audits to an audit's document, and saves the audit in the history. If
 * the history cannot be used, a line on standard error says so, and the audit continues. */
#ifndef HEADROOM_AUDIT_HISTORY_KEEP_H
#define HEADROOM_AUDIT_HISTORY_KEEP_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/history/history.h"
#include "audit/output/output.h"

/* Like publish(), but first adds the members "history" (earlier audits of this host and plan) and,
 * with --against, "drift". Afterwards saves the document, unless --no-history or
 * HEADROOM_HISTORY=off is given. Also returns false with err if --against names no audit. */
bool keep_publish(const struct run *run,
		cJSON *document,
		struct outputs *outputs,
		const char *const *presets,
		int *ret_exit,
		struct error *err);

/* Like publish_outputs(), with the history but without a comparison; for gate. */
bool keep_outputs(const struct run *run, cJSON *document, struct outputs *outputs);

/* Returns the document that `name` names: a number of the history, a file, or "last", which is the
 * last one with the host and plan of `like`, or of all if that is NULL. *ret_id is 0 for a file.
 * NULL with err. */
struct json *keep_document(const struct run *run,
		struct history *history,
		const char *name,
		const cJSON *like,
		int64_t *ret_id,
		struct error *err);

/* Returns one audit as a member of "audits" and "history". */
cJSON *keep_row(struct arena *arena, const struct history_row *row);

#endif
