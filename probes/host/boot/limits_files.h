/* Lines of limits.conf(5), as pam_limits applies them. Does no I/O. */
#ifndef HEADROOM_PROBES_HOST_BOOT_LIMITS_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_LIMITS_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* How closely a line's domain names the user. The closest wins; among equals, the last. */
enum limits_nearness {
	LIMITS_NONE,
	LIMITS_ALL,
	LIMITS_GROUP,
	LIMITS_USER
};

struct limits_line {
	enum limits_nearness nearness;
	bool soft, hard; /* "-" is both */
	double value;    /* INFINITY: unlimited */
};

struct limits_user {
	const char *name; /* never NULL */
	double uid;
	const char *const *groups;
	size_t group_count;
};

/* Splits a line in place. false: it is a comment, it is about another item, or it does not apply to
 * the user. Lines for groups and for * do not apply to root. */
bool limits_line_parse(char *line,
		const char *item,
		const struct limits_user *user,
		struct limits_line *ret);

#endif
