/* Finds what exactly a line of the kernel's log is about if a limit has several instances. */
#ifndef HEADROOM_MODEL_WHY_SUBJECT_H
#define HEADROOM_MODEL_WHY_SUBJECT_H

#include <stdbool.h>

#include "base/arena.h"

enum why_subject_kind {
	WHY_OF_GROUP,    /* a control group that was not allowed to fork */
	WHY_OF_LISTENER, /* a socket that got too many SYNs */
	WHY_OF_FAMILY    /* the neighbor table of IPv4 or IPv6 */
};

struct why_subject {
	enum why_subject_kind kind;
	const char *name; /* "/system.slice/a.service", "[::1]:80", "port 80", "IPv6" */
	unsigned port;    /* port of a listener whose address the kernel does not name; else 0 */
};

/* Takes the subject from the last line that names one; returns false if none does. */
bool why_subject_in(struct arena *arena, const char *text, struct why_subject *ret_subject);

#endif
