/* Which changed fact moved which limit: the plan is judged again with one fact set back. Compares
 * nothing itself. */
#ifndef HEADROOM_AUDIT_HISTORY_DRIFT_CAUSE_H
#define HEADROOM_AUDIT_HISTORY_DRIFT_CAUSE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "audit/cli/options.h"

struct drift_cause;

/* Of two audit documents; lives in the run's arena, refers to both. NULL where they cannot be
 * judged again: no plan, facts that are none. */
struct drift_cause *drift_cause_new(const struct run *run, const cJSON *before, const cJSON *after);
void drift_cause_close(struct drift_cause **cause);

/* Does the fact `key` account for a good part of the move of this limit? undone: the later audit
 * without its change; else the earlier audit with its change alone, which finds also each of two
 * changes of which either would do. */
bool drift_cause_moves(struct drift_cause *cause, const char *key, const char *limit, bool undone);

#endif
