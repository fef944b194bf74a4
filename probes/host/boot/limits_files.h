/* Lines of limits.conf(5), as pam_limits applies them. Pure. */
#ifndef HEADROOM_PROBES_HOST_BOOT_LIMITS_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_LIMITS_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* How near a domain is to the user: the nearest wins, the later one among equals. */
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
	const char *name;
	double uid;
	const char *const *groups;
	size_t group_count;
};

/* Reads a line in place. false: it is a comment, another item than `item`, or does not concern the
 * user. Neither groups nor * concern root. */
bool limits_line_parse(char *line,
		const char *item,
		const struct limits_user *user,
		struct limits_line *ret);

#endif
