/* Implements fix --apply, --undo and --verify: changes this host, or the files below another root,
 * so that every change can be undone exactly. First the journal is written to disk, then files,
 * then live values, each of which is read back. */
#ifndef HEADROOM_AUDIT_FIX_APPLY_H
#define HEADROOM_AUDIT_FIX_APPLY_H

#include "audit/fix/journal.h"
#include "base/text.h"
#include "report/emit/fix_values.h"

struct apply {
	struct arena *arena;
	int root, lock; /* descriptors; lock is -1 if nothing will be changed */
	bool live;      /* the root is "/", so live values are changed as well */
	struct journal journal;
};

/* Initial value for apply_open, so that cleaning up is safe even before it. */
#define APPLY_CLOSED           \
	{                          \
		.root = -1, .lock = -1 \
	}

/* Opens the root; root_path NULL: this host. With `change` creates the journal's directory and
 * takes the lock. Call apply_close also after a failure. false with err. */
bool apply_open(struct arena *arena,
		const char *root_path,
		bool change,
		struct apply *ret_apply,
		struct error *err);
/* Leaves no directory behind if nothing was changed. */
void apply_close(struct apply *apply);

/* Notes in the journal what must change for these values. A value that is already better is never
 * lowered, and lines of earlier runs stay in their files. false with err. */
bool apply_plan(struct apply *apply, const struct fix_values *values, struct error *err);
/* Returns true if there is nothing to change. */
bool apply_is_empty(const struct apply *apply);
/* Appends the planned changes as a diff of lines. */
void apply_diff(const struct apply *apply, struct text *out);
/* Makes the planned changes. If a step fails, undoes everything that this run changed and returns
 * false with err, which says what failed. */
bool apply_commit(struct apply *apply, const struct fix_values *values, struct error *err);

/* Restores the state before the first --apply. If someone else has changed something since, names
 * it in `said`, sets *ret_foreign and restores nothing; with `force` restores it too. false with
 * err. */
bool apply_undo(struct apply *apply,
		bool force,
		struct text *said,
		bool *ret_foreign,
		struct error *err);
/* Checks that everything is still as --apply left it. Each difference appends a line to `said`.
 * false with err. */
bool apply_verify(const struct apply *apply, struct text *said, bool *ret_same, struct error *err);

#endif
