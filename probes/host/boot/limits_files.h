/* Parses lines of limits.conf(5) and applies them like pam_limits. Does no I/O. */
#ifndef HEADROOM_PROBES_HOST_BOOT_LIMITS_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_LIMITS_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* How specifically a line's domain names the user. The most specific line counts; of equals, the
 * last. */
enum limits_nearness {
	LIMITS_NONE,
	LIMITS_ALL,
	LIMITS_GROUP,
	LIMITS_USER
};

struct limits_line {
	enum limits_nearness nearness;
	bool soft, hard; /* "-" means both */
	double value;    /* INFINITY: unlimited */
};

struct limits_user {
	const char *name; /* never NULL */
	double uid;
	const char *const *groups;
	size_t group_count;
};

/* Parses a line in place. Returns false for a comment, a line about another item, or one that does
 * not apply to the user. Lines for groups and for * do not apply to root. */
bool limits_line_parse(char *line,
		const char *item,
		const struct limits_user *user,
		struct limits_line *ret);

#endif
