/* Finds which changed fact moved which limit, by judging the plan again with one fact set back.
 * Compares nothing itself. */
#ifndef HEADROOM_AUDIT_HISTORY_DRIFT_CAUSE_H
#define HEADROOM_AUDIT_HISTORY_DRIFT_CAUSE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "audit/cli/options.h"

struct drift_cause;

/* Prepares the comparison of two audit documents, which must live until it is closed. The result is
 * in the run's arena. NULL if they cannot be judged again, because there is no plan or their facts
 * cannot be read. */
struct drift_cause *drift_cause_new(const struct run *run, const cJSON *before, const cJSON *after);
void drift_cause_close(struct drift_cause **cause);

/* Returns true if the fact `key` accounts for a good part of this limit's move. `undone`: judges
 * the later audit without the fact's change; if the limit moves back, the change was needed.
 * Otherwise judges the earlier audit with this change alone; if the limit moves, the change is
 * enough. If two facts changed and either is enough, only the second test finds them. `key` must
 * live as long as `cause`. */
bool drift_cause_moves(struct drift_cause *cause, const char *key, const char *limit, bool undone);

#endif
