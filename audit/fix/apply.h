/* What fix --apply, --undo and --verify do: change this host, or the files below another root, so
 * that every change can be taken back exactly. The order is: the journal to disk, then files, then
 * live values, each read back. */
#ifndef HEADROOM_AUDIT_FIX_APPLY_H
#define HEADROOM_AUDIT_FIX_APPLY_H

#include "audit/fix/journal.h"
#include "base/text.h"
#include "report/emit/fix_values.h"

struct apply {
	struct arena *arena;
	int root, lock; /* descriptors; lock is -1 if nothing is to be changed */
	bool live;      /* the root is "/", so live values are changed as well */
	struct journal journal;
};

/* What apply_open is given to start from, for a cleanup that comes before it. */
#define APPLY_CLOSED           \
	{                          \
		.root = -1, .lock = -1 \
	}

/* root_path NULL: this host. With `change` it makes the journal's directory and takes the lock. To
 * be closed also after a failure. */
bool apply_open(struct arena *arena,
		const char *root_path,
		bool change,
		struct apply *ret_apply,
		struct error *err);
/* Leaves no directory behind if nothing was changed. */
void apply_close(struct apply *apply);

/* Notes in the journal what has to change for these values. A value that is already better is never
 * lowered, and lines of earlier runs stay in their files. */
bool apply_plan(struct apply *apply, const struct fix_values *values, struct error *err);
/* True if the plan has nothing to change. */
bool apply_is_empty(const struct apply *apply);
/* The plan as a difference of lines. */
void apply_diff(const struct apply *apply, struct text *out);
/* Carries the plan out. If a step fails, everything that this run changed is put back, and err says
 * what failed. */
bool apply_commit(struct apply *apply, const struct fix_values *values, struct error *err);

/* Puts back what was there before the first --apply. If someone else changed something since, it is
 * named in `said`, nothing is touched, and *ret_foreign is true; with `force` it is put back, too.
 */
bool apply_undo(struct apply *apply,
		bool force,
		struct text *said,
		bool *ret_foreign,
		struct error *err);
/* Checks that everything is still as --apply left it. Each difference adds a line to `said`. */
bool apply_verify(const struct apply *apply, struct text *said, bool *ret_same, struct error *err);

#endif
