/* What decided this run beside the command line and what is built in: settings, a policy, waivers,
 * rules, templates. Every output names them, so that a reader sees who had a say. */
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
	struct name_list taken; /* what it said that counts: members, ids of rules */
	struct name_list left;  /* what it said that does not count, because nobody vouches for it */
	const char *way_out;    /* how the caller takes it all the same; NULL: not at all */
};

struct foreign_list {
	struct foreign *items;
	size_t count, capacity;
	bool said;
};

const char *foreign_kind_name(enum foreign_kind kind);

/* Adds one; texts are kept. The pointer is valid until the next one is added. */
struct foreign *foreign_add(struct arena *arena,
		struct foreign_list *list,
		enum foreign_kind kind,
		const char *path,
		const char *digest);
/* The first of a kind, or NULL. */
struct foreign *foreign_find(const struct foreign_list *list, enum foreign_kind kind);
/* What was taken under this name does not count after all: moves it to what was left, as `text`. */
void foreign_reject(struct arena *arena,
		struct foreign *foreign,
		const char *name,
		const char *text);
/* One line on standard error for each that wanted more than it got; once in a run. */
void foreign_say_left(struct arena *arena, struct foreign_list *list);

#endif
