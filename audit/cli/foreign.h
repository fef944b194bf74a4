/* Everything that influenced this run besides the command line and the built-in rules: settings, a
 * policy, waivers, rules, templates. Every output names them, so that readers see the influence. */
#ifndef HEADROOM_AUDIT_CLI_FOREIGN_H
#define HEADROOM_AUDIT_CLI_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

enum foreign_kind {
	FOREIGN_SETTINGS,
	FOREIGN_LOCK,
	FOREIGN_POLICY,
	FOREIGN_WAIVERS,
	FOREIGN_RULES,
	FOREIGN_TEMPLATE,
	FOREIGN_KINDS
};

struct foreign {
	enum foreign_kind kind;
	const char *path;
	const char *digest;     /* SHA-256 of its bytes, in hexadecimal */
	struct name_list taken; /* what was used of it: members, ids of rules */
	struct name_list left;  /* what was not used, because the file is not trusted */
	const char *way_out;    /* how the user can have it used anyway; NULL: that is not possible */
};

struct foreign_list {
	struct foreign *items;
	size_t count, capacity;
	bool said;
};

const char *foreign_kind_name(enum foreign_kind kind);

/* Adds an item; keeps the pointers to the texts. The result is valid until the next call. */
struct foreign *foreign_add(struct arena *arena,
		struct foreign_list *list,
		enum foreign_kind kind,
		const char *path,
		const char *digest);
/* Returns the first item of a kind, or NULL. */
struct foreign *foreign_find(const struct foreign_list *list, enum foreign_kind kind);
/* Moves the entry `name` from `taken` to `left`, where it appears as `text`. */
void foreign_reject(struct arena *arena,
		struct foreign *foreign,
		const char *name,
		const char *text);
/* Writes one line to standard error for each item that has something in `left`. Only the first call
 * of a run writes. */
void foreign_say_left(struct arena *arena, struct foreign_list *list);

#endif
