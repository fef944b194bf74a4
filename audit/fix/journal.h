/* The journal: what `fix --apply` found before it changed anything. It is on disk before the first
 * change, so that --undo knows the way back even after a kill. There is one for each root; a second
 * --apply adds to it and keeps the oldest values. */
#ifndef HEADROOM_AUDIT_FIX_JOURNAL_H
#define HEADROOM_AUDIT_FIX_JOURNAL_H

#include "audit/fix/entry.h"

#define JOURNAL_DIRECTORY "/var/lib/headroom/fix"
#define JOURNAL_PATH      JOURNAL_DIRECTORY "/journal.json"

struct journal {
	struct entry *items; /* in the order in which they are applied */
	size_t count, capacity;
	const char *plan, *date, *tool;
	bool exists; /* it was read from disk */
};

/* The entry of this kind and name, or NULL if the journal has none. */
struct entry *journal_find(const struct journal *journal, enum entry_kind kind, const char *name);

/* Notes that this run finds `found` there and is to write `after` (NULL: a directory to be made).
 * An entry of an earlier run keeps what it has under `before`, unless somebody else changed it
 * since: then `before` becomes what was found. Texts must live as long as the journal. */
void journal_note(struct arena *arena,
		struct journal *journal,
		enum entry_kind kind,
		const char *name,
		const struct content *found,
		const char *after);

/* No journal is not an error: then *ret_journal is empty and does not exist. */
bool journal_read(int root, struct arena *arena, struct journal *ret_journal, struct error *err);
bool journal_write(int root, struct arena *arena, const struct journal *journal, struct error *err);
/* Removes the file, and its directories. */
bool journal_remove(int root, struct arena *arena, struct error *err);
/* Removes the journal's directories where they are empty. */
void journal_remove_directories(int root, struct arena *arena);
/* Makes the journal's directories and locks the last one, so that one headroom fix runs at a time.
 * Returns a descriptor, whose closing unlocks; -1 with err. */
int journal_lock(int root, struct arena *arena, struct error *err);

#endif
