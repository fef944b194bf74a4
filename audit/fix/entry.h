/* One thing that --apply changes, and its state: as before headroom, as headroom wrote it, or
 * changed by someone else. */
#ifndef HEADROOM_AUDIT_FIX_ENTRY_H
#define HEADROOM_AUDIT_FIX_ENTRY_H

#include "audit/fix/file_below_root.h"

enum entry_kind {
	ENTRY_SYSCTL,
	ENTRY_FILE,
	ENTRY_DIRECTORY
};

struct entry {
	enum entry_kind kind;
	const char *name;      /* net.core.somaxconn, or a path */
	struct content found;  /* content when this run began; a failed run restores it */
	struct content before; /* content that --undo restores: what the first --apply found, or what a
	                          later one found after somebody else's change. For a kernel setting
	                          only the bytes; empty for a directory */
	const char **after;    /* every text that headroom wrote there, the newest last */
	size_t after_count, after_capacity;
	bool pending; /* this run will change it */
	bool foreign; /* `found` is neither what was there before nor what headroom wrote */
};

enum entry_state {
	STATE_BEFORE,  /* as it was before the first --apply */
	STATE_AFTER,   /* as headroom wrote it */
	STATE_FOREIGN, /* neither: someone else changed it since */
	STATE_GONE,    /* this kernel does not have the setting any more */
	STATE_LIVE     /* a live value; the journal was written on another host, so it does not apply */
};

/* Returns the text that headroom wrote last or will write; "" if there is none. */
const char *entry_newest(const struct entry *entry);

/* Returns one of the first three states. `now`: what was just read. */
enum entry_state entry_state_of(const struct entry *entry, const struct content *now);
/* Returns true if the content has exactly these bytes. */
bool content_has(const struct content *content, const char *bytes, size_t length);

#endif
