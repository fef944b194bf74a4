/* One thing that --apply changes, and its state: as it was before headroom, as headroom wrote it,
 * or changed by someone else. */
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
	struct content found;  /* what this run found; a failed run goes back to it */
	struct content before; /* --undo goes back to it: what the first --apply found, or what somebody
	                          else left and a later one found. Of a kernel setting only the bytes;
	                          empty for a directory */
	const char **after;    /* every text that headroom wrote there, the newest last */
	size_t after_count, after_capacity;
	bool pending; /* this run is to change it */
	bool foreign; /* `found` is neither what was there before nor what headroom wrote */
};

enum entry_state {
	STATE_BEFORE,  /* as it was before the first --apply */
	STATE_AFTER,   /* as headroom wrote it */
	STATE_FOREIGN, /* neither: someone else changed it since */
	STATE_GONE,    /* this kernel does not have the setting any more */
	STATE_LIVE     /* a live value; the journal was written on another host, so it does not apply */
};

/* The text that headroom wrote last, or is to write; "" if there is none. */
const char *entry_newest(const struct entry *entry);

/* `now` is what was read just now. One of the first three. */
enum entry_state entry_state_of(const struct entry *entry, const struct content *now);
/* Does the content have exactly these bytes? */
bool content_has(const struct content *content, const char *bytes, size_t length);

#endif
