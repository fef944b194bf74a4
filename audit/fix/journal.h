/* The journal of what `fix --apply` found before it changed anything. It is on disk before the
 * first change, so --undo works even after a kill. Each root has one; a second --apply adds to it
 * and keeps the oldest values. */
#ifndef HEADROOM_AUDIT_FIX_JOURNAL_H
#define HEADROOM_AUDIT_FIX_JOURNAL_H

#include "audit/fix/entry.h"

#define JOURNAL_DIRECTORY "/var/lib/headroom/fix"
#define JOURNAL_PATH      JOURNAL_DIRECTORY "/journal.json"

struct journal {
	struct entry *items; /* in the order in which they are applied */
	size_t count, capacity;
	const char *plan, *date, *tool;
	bool exists; /* was read from disk */
};

/* Returns the entry of this kind and name, or NULL. */
struct entry *journal_find(const struct journal *journal, enum entry_kind kind, const char *name);

/* Notes that this run found `found` and will write `after` (NULL: create a directory). An entry of
 * an earlier run keeps its `before`, unless somebody else has changed it since: then `before`
 * becomes what was found. Texts must live as long as the journal. */
void journal_note(struct arena *arena,
		struct journal *journal,
		enum entry_kind kind,
		const char *name,
		const struct content *found,
		const char *after);

/* Reads the journal. If there is none, *ret_journal is empty and its `exists` is false. false with
 * err. */
bool journal_read(int root, struct arena *arena, struct journal *ret_journal, struct error *err);
bool journal_write(int root, struct arena *arena, const struct journal *journal, struct error *err);
/* Removes the file and its directories. false with err. */
bool journal_remove(int root, struct arena *arena, struct error *err);
/* Removes the journal's directories if they are empty. */
void journal_remove_directories(int root, struct arena *arena);
/* Creates the journal's directories and locks the last one, so that only one headroom fix runs at a
 * time. Returns a descriptor that unlocks when it is closed, or -1 with err. */
int journal_lock(int root, struct arena *arena, struct error *err);

#endif
