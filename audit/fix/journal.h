/* What `fix --apply` found before it changed anything: written and flushed first, so that --undo
 * knows the way back even after a kill. One per root, /var/lib/headroom/fix/journal.json; a second
 * --apply keeps the oldest values. */
#ifndef HEADROOM_AUDIT_FIX_JOURNAL_H
#define HEADROOM_AUDIT_FIX_JOURNAL_H

#include "audit/fix/file_below_root.h"

#define JOURNAL_DIRECTORY "/var/lib/headroom/fix"
#define JOURNAL_PATH      JOURNAL_DIRECTORY "/journal.json"

enum entry_kind {
	ENTRY_SYSCTL,
	ENTRY_FILE,
	ENTRY_DIRECTORY
};

struct entry {
	enum entry_kind kind;
	const char *name;      /* net.core.somaxconn, or a path */
	struct content found;  /* what this run found: for rolling back */
	struct content before; /* of a sysctl: bytes only; of a directory that was not there: nothing */
	const char **after;    /* every text headroom put there, the newest last; NUL-free */
	size_t after_count, after_capacity;
	bool pending; /* to be changed by this run */
};

struct journal {
	struct entry *items; /* in the order in which they are applied */
	size_t count, capacity;
	const char *plan, *date, *tool;
	bool exists; /* it was on disk */
};

struct entry *journal_find(const struct journal *journal, enum entry_kind kind, const char *name);
/* Adds an entry, or an `after` to the one that is there. `before` counts for a new one only. */
struct entry *journal_note(struct arena *arena,
		struct journal *journal,
		enum entry_kind kind,
		const char *name,
		const struct content *before,
		const char *after);

/* No journal is not an error. */
bool journal_read(int root, struct arena *arena, struct journal *ret_journal, struct error *err);
bool journal_write(int root, struct arena *arena, const struct journal *journal, struct error *err);
bool journal_remove(int root, struct arena *arena, struct error *err);
/* Creates the directories and takes the lock; the descriptor, -1 with err. */
int journal_lock(int root, struct arena *arena, bool create, struct error *err);

#endif
