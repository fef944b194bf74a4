/* An audit and the history: what earlier audits say goes into its document, then it is kept itself.
 * A history that cannot be used is said on standard error and stops nothing. */
#ifndef HEADROOM_AUDIT_HISTORY_KEEP_H
#define HEADROOM_AUDIT_HISTORY_KEEP_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/history/history.h"
#include "audit/output/output.h"

/* publish(), with the history around it: before it the document gets "history" (earlier audits of
 * this host and plan) and, with --against, "drift"; after it the document is kept, unless
 * --no-history or HEADROOM_HISTORY=off. Fails also on what --against names. */
bool keep_publish(const struct run *run,
		cJSON *document,
		struct outputs *outputs,
		const char *const *presets,
		int *ret_exit,
		struct error *err);

/* publish_outputs() with the history around it, without a comparison: for gate. */
bool keep_outputs(const struct run *run, cJSON *document, struct outputs *outputs);

/* The document that `name` means: "last" (of the host and plan of `like`; NULL: of all), a number
 * of the history, or a file. *ret_id is 0 for a file. NULL with err. */
struct json *keep_document(const struct run *run,
		struct history *history,
		const char *name,
		const cJSON *like,
		int64_t *ret_id,
		struct error *err);

/* One audit as a member of "audits" and "history". */
cJSON *keep_row(struct arena *arena, const struct history_row *row);

#endif
