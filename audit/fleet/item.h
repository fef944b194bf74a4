/* What a source delivers: a document or a snapshot tree for each host, and problems. */
#ifndef HEADROOM_AUDIT_FLEET_ITEM_H
#define HEADROOM_AUDIT_FLEET_ITEM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "model/fleet/fleet.h"

struct fleet_source {
	const char *shown; /* as the user named it, without the role */
	const char *path;  /* "-": standard input */
	enum fleet_role role;
	int fd;      /* standard input or a copy of it; -1: open the path */
	off_t start; /* the offset in fd at which its bytes begin */
};

enum item_kind {
	ITEM_DOCUMENT, /* `bytes` are JSON */
	ITEM_TREE,     /* `path` is a snapshot tree */
	ITEM_BROKEN,   /* `bytes` say why there is no document */
	ITEM_LINE      /* a line of text that begins with a host's name */
};

/* All pointers are valid until the sink returns. */
struct fleet_item {
	enum item_kind kind;
	const struct fleet_source *source;
	const char *where; /* "facts/gen-001.json", "standard input:12" */
	const char *name;  /* the name of the file, directory or line; NULL: no name */
	const char *path;
	const char *bytes; /* NUL-terminated; the NUL does not count */
	size_t length;
};

struct item_sink {
	void *context;
	void (*item)(void *context, const struct fleet_item *item);
	/* `ends`: the source ended with an error, so hosts may be missing. */
	void (*problem)(void *context, const char *where, const char *why, bool ends);
	const volatile sig_atomic_t *stop;
};

static inline bool sink_is_stopped(const struct item_sink *sink)
{
	return sink->stop && *sink->stop;
}

#endif
