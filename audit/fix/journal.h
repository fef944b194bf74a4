/* The journal: what `fix --apply` found before it changed anything. It is on disk before the first
 * change, so that --undo knows the way back even after a kill. There is one for each root; a second
 * --apply adds to it and keeps the oldest values. */
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
	struct content found;  /* what this run found; a failed run goes back to it */
	struct content before; /* what the first --apply found; --undo goes back to it. Of a kernel
	                          setting only the bytes; empty for a directory */
	const char **after;    /* every text that headroom wrote there, the newest last */
	size_t after_count, after_capacity;
	bool pending; /* this run is to change it */
};

struct journal {
	struct entry *items; /* in the order in which they are applied */
	size_t count, capacity;
	const char *plan, *date, *tool;
	bool exists; /* it was on disk */
};

/* The text that headroom wrote last, or is to write; "" if there is none. */
const char *entry_newest(const struct entry *entry);

/* NULL if there is none. */
struct entry *journal_find(const struct journal *journal, enum entry_kind kind, const char *name);

/* Notes that this run finds `found` there and is to write `after` (NULL: a directory to be made).
 * An entry of an earlier run keeps what it has under `before`. Texts must live as long as the
 * journal. */
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
