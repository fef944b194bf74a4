/* `fix --apply`, --undo and --verify: what is to change on this host or below another root, done so
 * that it can be taken back exactly. The order is: journal on disk, files, live values, read back.
 */
#ifndef HEADROOM_AUDIT_FIX_APPLY_H
#define HEADROOM_AUDIT_FIX_APPLY_H

#include "audit/fix/journal.h"
#include "base/text.h"
#include "report/emit/fix_values.h"

struct apply {
	struct arena *arena;
	int root, lock; /* descriptors; lock -1: only looking */
	bool live;      /* the root is "/": live values are changed as well */
	struct journal journal;
};

/* root_path NULL: this host. `change`: creates the journal's directory and takes the lock. Close in
 * any case. */
bool apply_open(struct arena *arena,
		const char *root_path,
		bool change,
		struct apply *ret_apply,
		struct error *err);
void apply_close(struct apply *apply);

/* Marks what has to change for these values. Values are only ever made better; lines of earlier
 * runs stay. */
bool apply_plan(struct apply *apply, const struct fix_values *values, struct error *err);
bool apply_is_empty(const struct apply *apply);
void apply_diff(const struct apply *apply, struct text *out);
/* Does it. On a failure everything of this run is put back and err says what failed; nothing has
 * changed then. */
bool apply_commit(struct apply *apply, const struct fix_values *values, struct error *err);

/* Puts back what was there before the first --apply. What somebody else changed since is named in
 * `said`; then nothing is touched and *ret_foreign is true, unless `force`. */
bool apply_undo(struct apply *apply,
		bool force,
		struct text *said,
		bool *ret_foreign,
		struct error *err);
/* Is everything still as --apply left it? Differences are lines of `said`. */
bool apply_verify(struct apply *apply, struct text *said, bool *ret_same, struct error *err);

#endif
